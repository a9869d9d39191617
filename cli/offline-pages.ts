import { join, relative } from 'node:path';
import type { ReactNode } from 'react';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { credentialsOf } from '#app/components/runbook/offline/credentials.ts';
import { runbookText } from '#app/components/runbook/runbook-text.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { type HandFacts, handWork } from '#app/domain/run/commands/by-hand.ts';
import type { Known } from '#app/domain/run/commands/known-values.ts';
import type { Runbook, StepDefinition } from '#app/domain/runbook/runbook.ts';
import { serviceValues } from '#app/domain/runbook/scope-values.ts';
import { UsageError } from './command.ts';
import { loadTsx } from './load-tsx.ts';
import type { OfflineKnown } from './offline-known.ts';
import { readChecked } from './runbook-facts.ts';
import { findRunbooks, readMarkdown } from './runbook-files.ts';
import { pageName } from './runbook-links.ts';

/** Before any review is due: pages do not change from day to day. */
const noDay = '1970-01-01';

/** The pages for when the console is down, by path, and what could not be written. The same catalog and knowledge give the same pages. */
export async function offlinePages(
  folder: string,
  known: OfflineKnown,
): Promise<{ pages: Map<string, string>; problems: string[] }> {
  const catalog = await readCatalog(folder);
  if (catalog.services.length + catalog.flags.length + catalog.runbooks.length === 0)
    throw new UsageError(`${folder} is no catalog: it has no service, flag or runbook.`);
  const { draw, parts } = await drawer();
  const pages = new Map<string, string>();
  const problems: string[] = [];
  const { runbooks, unread } = await readRunbooks(folder);
  problems.push(...unread);
  for (const { runbook, href } of runbooks) {
    const facts: HandFacts = { catalog, service: runbook.service, known: knownOf(runbook, catalog) };
    const underStep = (step: StepDefinition) =>
      // What a manual step asks stands in its card already.
      step.uses === 'manual' ? null : parts.HandWorkView({ work: handWork(step.uses, step.with, facts) });
    const freshness = { state: 'fresh' as const, text: reviewed(runbook) };
    const text = { ...runbookText(runbook, noDay), freshness };
    pages.set(href, draw(runbook.title, href, parts.RunbookSheet, { text, underStep }));
  }
  for (const service of catalog.services) {
    const path = `services/${service.id}.html`;
    const own = runbooks
      .filter(({ runbook }) => runbook.service === service.id)
      .map(({ runbook, href }) => ({ runbook, href: `../${href}` }));
    const props = {
      service,
      flags: catalog.flags.filter((flag) => flag.service === service.id),
      runbooks: own,
      facts: { catalog, service: service.id },
      seen: known.services.get(service.id) ?? null,
    };
    pages.set(path, draw(service.title, path, parts.OfflineService, props));
  }
  for (const flag of catalog.flags) {
    const path = `flags/${flag.name}.html`;
    const props = { flag, facts: { catalog, service: flag.service }, seen: known.flags.get(flag.name) ?? null };
    pages.set(path, draw(flag.title, path, parts.OfflineFlag, props));
  }
  const index = { catalog, runbooks, credentials: credentialsOf(catalog) };
  pages.set('index.html', draw('When Firebreak is down', 'index.html', parts.OfflineIndex, index));
  return { pages, problems };
}

/** What is known before a run is opened: the inputs whose default is a value, and the service. */
function knownOf({ inputs, service }: Runbook, { services }: Catalog): Known {
  const own = services.find(({ id }) => id === service);
  const values = inputs.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value]]));
  return {
    inputs,
    scope: {
      inputs: Object.fromEntries(values),
      steps: {},
      incident: null,
      service: own ? serviceValues(own) : null,
    },
  };
}

function reviewed({ lastReviewedOn }: Runbook): string {
  return lastReviewedOn === null ? 'no review date declared' : `last reviewed ${lastReviewedOn}`;
}

/** The catalog's runbooks with the paths of their pages; links between them lead from page to page. */
async function readRunbooks(folder: string) {
  const all = await findRunbooks(join(folder, 'runbooks'), folder);
  const unread = all.unread.map(({ path, reason }) => `${relative(folder, path)}: ${reason}`);
  const runbooks: { runbook: Runbook; href: string }[] = [];
  for (const path of all.files) {
    const read = await readMarkdown(path);
    if (read.refusal !== undefined) unread.push(`${relative(folder, path)}: ${read.refusal}`);
    else {
      const { runbook } = readChecked(read.text, path, all, noDay);
      runbooks.push({ runbook, href: `runbooks/${pageName(all.root, path)}` });
    }
  }
  return { runbooks, unread };
}

/** React and the components, loaded for this command alone. */
async function drawer() {
  loadTsx();
  const { createElement } = await import('react');
  const { renderToStaticMarkup } = await import('react-dom/server');
  const { OfflinePage } = await import('#app/components/runbook/offline/offline-page.tsx');
  const { HandWorkView } = await import('#app/components/runbook/hand-work-view.tsx');
  const { OfflineFlag } = await import('#app/components/runbook/offline/offline-flag.tsx');
  const { OfflineIndex } = await import('#app/components/runbook/offline/offline-index.tsx');
  const { OfflineService } = await import('#app/components/runbook/offline/offline-service.tsx');
  const { RunbookSheet } = await import('#app/components/runbook/runbook-document.tsx');
  function draw<P extends object>(title: string, path: string, part: (props: P) => ReactNode, props: P): string {
    const up = '../'.repeat(path.split('/').length - 1);
    const page = createElement(OfflinePage, { title, up, children: createElement(part, props) });
    return `<!doctype html>${renderToStaticMarkup(page)}\n`;
  }
  return { draw, parts: { HandWorkView, OfflineFlag, OfflineIndex, OfflineService, RunbookSheet } };
}
