import MarkdownIt from 'markdown-it';
import { parsedRunbooks } from '#app/catalog/parsed-runbooks.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { bigPage, folderOf } from './runbook-samples.ts';

/** One line of the table that `npm run bench` prints. `ratio` is null where a figure has no reference. */
export interface RunbookFigure {
  name: string;
  ours: number;
  reference: number | null;
  ratio: number | null;
  unit: 'ms';
  reach: string;
}

/**
 * P4: parse and render. Pages against bare markdown-it on the same bytes, in turn and in one process, medians of `rounds`;
 * a folder of 1,000 as it is read at start, and again with one file changed. Times are wall ms.
 */
export function benchRunbooks(rounds = 40): RunbookFigure[] {
  const bare = new MarkdownIt();
  const figures: RunbookFigure[] = [];
  for (const [name, bytes, steps] of [
    ['page of 25 KB', 25_000, false],
    ['page of 250 KB', 250_000, false],
    ['page of 250 KB with 30 steps', 250_000, true],
    ['page of 2.5 MB', 2_500_000, false],
  ] as const) {
    const page = bigPage(bytes, steps);
    const times = inTurn(bytes > 1_000_000 ? Math.ceil(rounds / 8) : rounds, [
      () => parseRunbook(page, 'page.md'),
      () => bare.render(page),
    ]);
    const [ours, reference] = times.map(median) as [number, number];
    figures.push({ name, ours, reference, ratio: ours / reference, unit: 'ms', reach: '≤ 1.5×' });
  }
  for (const count of [100, 1_000, 2_000]) {
    const files = folderOf(count);
    const slugs = files.map((file) => file.path.slice('runbooks/'.length, -'.md'.length));
    const index = elapsed(() => parsedRunbooks(files, slugs));
    const reach = count === 1_000 ? '< 1,000 ms' : '';
    figures.push({ name: `index of ${count} runbooks`, ours: index, reference: null, ratio: null, unit: 'ms', reach });
    const changed = files.map((file, at) => (at === 0 ? { ...file, digest: 'changed' } : file));
    const again = elapsed(() => parsedRunbooks(changed, slugs));
    figures.push({
      name: `one changed file of ${count}`,
      ours: again,
      reference: null,
      ratio: null,
      unit: 'ms',
      reach,
    });
  }
  return figures;
}

/** Times of each work, one after the other in every round, so that a noisy moment hits them alike. */
function inTurn(rounds: number, works: (() => unknown)[]): number[][] {
  const times = works.map((): number[] => []);
  for (const work of works) for (let warm = 0; warm < 5; warm++) work();
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

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

if (import.meta.main) {
  for (const { name, ours, reference, ratio, unit, reach } of benchRunbooks()) {
    const against = reference === null ? '' : `bare markdown-it ${reference.toFixed(1)} ${unit}, ${ratio!.toFixed(2)}×`;
    console.log(`${name.padEnd(30)} ${ours.toFixed(1).padStart(8)} ${unit}  ${against}  ${reach}`);
  }
}
