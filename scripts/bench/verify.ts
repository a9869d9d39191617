import { readCatalog } from '../../app/catalog/read-catalog.server.ts';
import { minuteMs } from '../../app/domain/slo/series.ts';
import { ownCatalog } from '../supervisor/world.ts';
import type { Confirmed } from './confirm.ts';
import type { Figure } from './figure.ts';
import { studioDb, until } from './incident.ts';
import type { BenchStudio } from './studio.ts';

const speed = 10;
const besidesMs = 75_000;

/** P12: from the effect of a kill that cures to "verified", in data time, against the window and the data's delay. */
export async function verify(studio: BenchStudio, { runId, step }: Confirmed): Promise<Figure[]> {
  const db = studioDb(studio);
  try {
    studio.clock.run(speed);
    const { verification } = await until('the kill is verified', async () => {
      const row = await db.step(runId, step);
      return row?.verification?.outcome ? { verification: row.verification } : null;
    });
    studio.clock.run(1);
    if (verification.outcome !== 'improved') throw new Error(`The kill was found ${verification.outcome}.`);
    const slo = (await readCatalog(ownCatalog)).slos.find(({ id }) => id === verification.slo);
    const window = Number(verification.window.replace('m', '')) * minuteMs;
    const least = window + (slo?.settle ?? 0);
    const took = verification.lookedAt - verification.effectAt;
    return [
      {
        id: 'P12',
        work: `cure to "verified" over ${verification.window}, data time, clock at ${speed}×`,
        unit: 's',
        ours: took / 1000,
        reference: { what: 'window + data delay', value: least / 1000 },
        reach: '≤ reference + 75 s',
        within: took <= least + besidesMs,
      },
    ];
  } finally {
    await db.close();
  }
}
