import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import MarkdownIt from 'markdown-it';
import { parsedRunbooks } from '#app/catalog/parsed-runbooks.ts';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { watchCatalog } from '#app/catalog/watch-catalog.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { root } from '../supervisor/process.ts';
import { exponent, type Figure, median } from './figure.ts';
import { bigPage, folderOf } from './runbook-samples.ts';

const bare = new MarkdownIt();
const pages = [
  ['page of 25 KB', 25_000, false],
  ['page of 250 KB', 250_000, false],
  ['page of 250 KB with 30 steps', 250_000, true],
  ['page of 2.5 MB', 2_500_000, false],
] as const;
const folders = [10, 100, 1_000];
const changes = 3;

/**
 * P4: parse and render. Pages and folders against bare markdown-it on the same bytes, in turn and in one process, medians of
 * `rounds`; growth at 1×, 10× and 100× with its exponent; a file of 1,000 changed on disk until the watch hands it on. Wall ms.
 */
export async function runbooks(_log: (line: string) => void, rounds = 40): Promise<Figure[]> {
  return [...pageFigures(rounds), ...folderFigures(Math.ceil(rounds / 8)), await changedFigure()];
}

function pageFigures(rounds: number): Figure[] {
  const figures = pages.map(([name, bytes, steps]) => {
    const page = bigPage(bytes, steps);
    const [ours, reference] = inTurn(bytes > 1_000_000 ? Math.ceil(rounds / 8) : rounds, [
      () => parseRunbook(page, 'page.md'),
      () => bare.render(page),
    ]);
    return against(name, ours!, reference!, bytes === 250_000 ? '≤ 1.5×' : '');
  });
  const grown = pages.flatMap(([, bytes, steps], at) => (steps ? [] : [{ size: bytes, cost: figures[at]!.ours }]));
  return [...figures, growth('exponent from 25 KB to 2.5 MB', grown)];
}

/** Folders as they are read at start: a turn's digests are its own, so that nothing is remembered from the last one. */
function folderFigures(rounds: number): Figure[] {
  let turn = 0;
  const figures = folders.map((count) => {
    const files = folderOf(count);
    const slugs = files.map(({ path }) => path.slice('runbooks/'.length, -'.md'.length));
    const [ours, reference] = inTurn(rounds, [
      () => {
        turn++;
        parsedRunbooks(
          files.map((file) => ({ ...file, digest: `${turn} ${file.digest}` })),
          slugs,
        );
      },
      () => {
        for (const { text } of files) bare.render(text);
      },
    ]);
    return against(`index of ${count} runbooks`, ours!, reference!, count === 1_000 ? '< 1 s, ≤ 1.5×' : '');
  });
  const last = figures.at(-1)!;
  last.within = last.within && last.ours < 1_000;
  const grown = folders.map((count, at) => ({ size: count, cost: figures[at]!.ours }));
  return [...figures, growth('exponent from 10 to 1,000 runbooks', grown)];
}

/** From the write of one runbook among 1,000 to the watch's new catalog with its new bytes. */
async function changedFigure(): Promise<Figure> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-bench-runbooks-'));
  try {
    // The studio's other files too: what the runbooks name is there.
    for (const folder of ['alerts', 'dashboards', 'flags'])
      await cp(join(root, folder), join(dir, folder), { recursive: true });
    await mkdir(join(dir, 'runbooks'));
    const files = folderOf(1_000);
    for (const { path, text } of files) await writeFile(join(dir, path), text);
    const changed = files[500]!;
    const first = await readCatalog(dir);
    let known = digestIn(first, changed.path);
    let heard = () => {};
    const watch = watchCatalog(dir, first.digest, (catalog) => {
      const digest = digestIn(catalog, changed.path);
      if (digest !== known) heard();
      known = digest;
    });
    try {
      const times: number[] = [];
      for (let round = 0; round < changes; round++) {
        // Past the look with which a watch begins, or the one that the last change set off.
        await sleep(2_000);
        const live = new Promise<void>((resolve) => {
          heard = resolve;
        });
        const begin = performance.now();
        await writeFile(join(dir, changed.path), `${changed.text}\nChanged ${round}.\n`);
        await live;
        times.push(performance.now() - begin);
      }
      const ours = median(times);
      const work = 'a changed file of 1,000, written to live';
      return { id: 'P4', work, unit: 'ms', ours, reference: null, reach: '< 1 s', within: ours < 1_000 };
    } finally {
      await watch.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function digestIn({ runbooks }: Catalog, path: string): string | undefined {
  return runbooks.find(({ file }) => file === path)?.digest;
}

function against(work: string, ours: number[], theirs: number[], reach: string): Figure {
  const [mine, reference] = [median(ours), median(theirs)];
  const within = reach === '' ? null : mine <= 1.5 * reference;
  return {
    id: 'P4',
    work,
    unit: 'ms',
    ours: mine,
    reference: { what: 'bare markdown-it', value: reference },
    reach,
    within,
  };
}

function growth(work: string, points: { size: number; cost: number }[]): Figure {
  const ours = exponent(points);
  return { id: 'P4', work, unit: '', ours, reference: null, reach: '≤ 1.1', within: ours <= 1.1 };
}

/** Times of each work, one after the other in every round, so that a noisy moment hits them alike. */
function inTurn(rounds: number, works: (() => unknown)[]): number[][] {
  const times = works.map((): number[] => []);
  for (const work of works) for (let warm = 0; warm < 3; warm++) work();
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) times[index]!.push(elapsed(work));
  }
  return times;
}

function elapsed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
