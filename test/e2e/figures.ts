import type { Page } from 'playwright-core';
import { words } from './house.ts';

/** The figures of an SLO as one page shows them, in that page's own words. */
export interface Figures {
  /** Burn and "1 request in N" of the sentence. */
  sentence: { burn: string; oneIn: number };
  /** When the budget is gone, ms. */
  goneAt: number;
  /** The note of `Coverage` is the moment up to which it counts, in ISO 8601. */
  tiles: Record<'Budget left' | 'Last hour' | 'Last 5 min' | 'Coverage', { value: string; note: string }>;
}

/** A row of the table under a chart: five minutes from a moment (ms). */
export interface TableRow {
  at: number;
  settled: boolean;
  bad: number;
  total: number;
  burn: string;
}

/** Reads the sentence and the tiles in the page's first section. */
export async function readFigures(page: Page): Promise<Figures> {
  const hero = page.getByRole('region', { name: /^How (bad it is|it does)$/ });
  const sentence = await words(hero.locator('.say-sentence'));
  const found = /^1 request in (\d+) fails: burning ([\d.]+×)\. The month's budget is gone (?:at|on) /.exec(sentence);
  if (!found) throw new Error(`No figures in "${sentence}"`);
  const tiles: Record<string, { value: string; note: string }> = {};
  for (const tile of await hero.locator('.tile').all()) {
    const [label, value] = [await words(tile.locator('.tile-label')), await words(tile.locator('.tile-value'))];
    const time = tile.locator('time');
    const moment = (await time.count()) > 0 ? await time.getAttribute('datetime') : null;
    tiles[label] = { value, note: moment ?? (await words(tile)).slice(label.length + value.length + 1).trim() };
  }
  return {
    sentence: { oneIn: Number(found[1]), burn: found[2]! },
    goneAt: Date.parse((await hero.locator('.say-sentence time').getAttribute('datetime')) ?? ''),
    tiles: tiles as Figures['tiles'],
  };
}

/** Opens and reads the table that says the same as the chart of the burn, newest first. */
export async function readTable(page: Page): Promise<TableRow[]> {
  const fold = page
    .locator('details', { hasText: 'The same as a table' })
    .filter({ has: page.locator('th', { hasText: /^Burn$/ }) });
  await fold.locator('summary').click();
  const rows = await fold.locator('tbody tr').all();
  return Promise.all(
    rows.map(async (row) => {
      const [from, bad, total, burn] = (await row.locator('td').all()) as [
        typeof row,
        typeof row,
        typeof row,
        typeof row,
      ];
      return {
        at: Date.parse((await from.locator('time').getAttribute('datetime')) ?? ''),
        settled: !(await words(from)).includes('still arriving'),
        bad: count(await words(bad)),
        total: count(await words(total)),
        burn: await words(burn),
      };
    }),
  );
}

/** A count as pages write it: 2,905. */
export function count(text: string): number {
  return Number(text.replaceAll(',', ''));
}
