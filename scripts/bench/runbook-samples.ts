import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../runbooks');

const names = readdirSync(folder).filter((file) => file.endsWith('.md'));

/** The studio's own runbooks: text that people wrote, with fences, tables and lists in the usual measure. */
const samples = names.map((file) => readFileSync(join(folder, file), 'utf8'));

/** A page of at least `bytes` without front matter: the samples over and over. With `steps` false our fences are ordinary ones. */
export function bigPage(bytes: number, steps: boolean): string {
  const bodies = samples.map((text) => text.replace(/^---\n[\s\S]*?\n---\n/, ''));
  let page = '';
  for (let round = 0; page.length < bytes; round++) {
    page += steps && round < bodies.length ? ownIds(bodies[round]!, round) : plain(bodies[round % bodies.length]!);
  }
  return page;
}

/** A folder of `count` runbooks, as file names and texts: each sample under its own name first, so that their links lead somewhere. */
export function folderOf(count: number): { path: string; text: string; digest: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const text = `${samples[index % samples.length]}\n<!-- ${index} -->\n`;
    return { path: `runbooks/${names[index] ?? `runbook-${index}.md`}`, text, digest: String(index) };
  });
}

function plain(text: string): string {
  return text.replaceAll(' runbook-step', '').replaceAll(' runbook-panel', '');
}

function ownIds(text: string, round: number): string {
  return text.replaceAll(/^id: /gm, `id: s${round}-`).replaceAll('steps.', `steps.s${round}-`);
}
