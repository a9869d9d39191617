import type { Figure } from './figure.ts';
import { benchRunbooks } from './runbook.ts';

/** P4: parse and render runbooks, against bare markdown-it on the same bytes. */
export async function runbooks(): Promise<Figure[]> {
  return benchRunbooks().map(({ name, ours, reference, ratio, reach }) => ({
    id: 'P4',
    work: name,
    unit: 'ms',
    ours,
    reference: reference === null ? null : { what: 'bare markdown-it', value: reference },
    reach,
    within: reach === '' ? null : ratio === null ? ours < 1_000 : ratio <= 1.5,
  }));
}
