import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { provenSafe } from '#app/domain/runbook/markdown/wall.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf } from './html.ts';

const folder = join(import.meta.dirname, '../../../runbooks');
const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
const slugs = new Set(files.map((file) => file.replace(/\.md$/, '')));

it('the studio keeps its fourteen runbooks', () => {
  expect([...slugs]).toEqual(
    expect.arrayContaining([
      'bad-flag',
      'bad-migration',
      'bad-revision',
      'billing-burn',
      'budget-freeze',
      'deploy-check',
      'key-leak',
      'monitoring-blackout',
      'render-worker-backlog',
      'restore-from-backup',
      'slow-answers',
      'speech-provider-outage',
      'studio-api-burn',
      'voiceover-burn',
    ]),
  );
});

it.each(files)('%s has no problem, its four sections, steps to take and commands to paste', (file) => {
  const runbook = parseRunbook(readFileSync(join(folder, file), 'utf8'), file, { known: slugs });
  expect(runbook.problems).toEqual([]);
  expect(runbook.links?.filter((link) => !link.resolved)).toEqual([]);
  const sections = new Set(runbook.blocks.map((block) => block.section));
  expect(sections).toEqual(new Set([null, 'meaning', 'impact', 'diagnosis', 'mitigation']));
  expect(runbook.steps.length).toBeGreaterThanOrEqual(3);
  const html = htmlOf(runbook);
  expect(html).toMatch(/data-copy="[^"]*(?:curl|gcloud) /);
  expect(runbook.headings.map((heading) => heading.text)).toContain('Escalation');
  expect(provenSafe(html)).toBe(true);
});

it.each(files)('%s forks: what is found decides which step comes', (file) => {
  const { steps } = parseRunbook(readFileSync(join(folder, file), 'utf8'), file);
  expect(steps.filter(({ when }) => when !== null).length).toBeGreaterThan(0);
});

it('one of them is a fork: what a person finds decides which steps are unlocked', () => {
  const text = readFileSync(join(folder, 'speech-provider-outage.md'), 'utf8');
  const { steps } = parseRunbook(text, 'speech-provider-outage.md');
  const asked = steps.find((step) => step.uses === 'manual' && step.when === null);
  const branches = steps.filter((step) => step.when?.includes(`steps.${asked?.id}.outputs.outcome`));
  expect(branches.length).toBeGreaterThanOrEqual(2);
  const outcomes = asked?.with.outcomes as string[];
  for (const step of branches) {
    const named = [...step.when!.matchAll(/'([^']+)'/g)].map(([, name]) => name!);
    expect(outcomes).toEqual(expect.arrayContaining(named));
  }
});
