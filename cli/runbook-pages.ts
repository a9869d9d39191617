import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runbookText } from '#app/components/runbook/runbook-text.ts';
import type { Runbook } from '#app/domain/runbook/runbook.ts';
import { loadTsx } from './load-tsx.ts';

/** Draws a runbook as a whole HTML document; `name` is the page's path among the pages, `today` an ISO date. */
export type DrawPage = (runbook: Runbook, name: string, today: string) => string;

/** Name of the style sheet beside the pages. */
export const stylesName = 'runbook.css';
const sheets = ['tokens', 'base', 'surfaces', 'controls', 'run', 'runbook', 'print', 'document'];

/** The console's own components, drawn on the server without the console. */
export async function pageDrawer(): Promise<DrawPage> {
  // React as well is loaded only here: no other command waits for it.
  loadTsx();
  const { createElement } = await import('react');
  const { renderToStaticMarkup } = await import('react-dom/server');
  const { RunbookDocument } = await import('#app/components/runbook/runbook-document.tsx');
  return (runbook, name, today) => {
    const up = '../'.repeat(name.split('/').length - 1);
    const document = createElement(RunbookDocument, {
      text: runbookText(runbook, today),
      styles: `${up}${stylesName}`,
    });
    return `<!doctype html>${renderToStaticMarkup(document)}\n`;
  };
}

/** Writes the style sheet that all pages below `dir` share, made of the console's own. */
export async function writeStyles(dir: string): Promise<void> {
  await writePage(dir, stylesName, await styleSheet());
}

/** The text of that sheet. */
export async function styleSheet(): Promise<string> {
  const folder = new URL('../app/styles/', import.meta.url);
  return (await Promise.all(sheets.map((name) => readFile(new URL(`${name}.css`, folder), 'utf8')))).join('\n');
}

/** Writes a page below `dir` and answers with its path. */
export async function writePage(dir: string, name: string, html: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, html);
  return path;
}
