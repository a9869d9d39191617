import { createTestDatabase } from '#test/support/database.ts';
import { fakeUnleash } from './fake-unleash.ts';
import { calm, fastClock, type RolloutProcess, rolloutCatalog, startRollouts } from './harness.ts';

/** The flag that is rolled out. */
export const subject = { kind: 'flag', flag: 'voiceover-v2', environment: 'production' } as const;

/** One flag in an Unleash in memory, a calm service, and consoles over a database of its own. */
export async function openOneFlag() {
  const database = await createTestDatabase();
  const clock = fastClock();
  const unleash = fakeUnleash(subject.flag, subject.environment, clock.now);
  const told = calm();
  const processes: RolloutProcess[] = [];
  return {
    clock,
    unleash,
    told,
    async start(part: Partial<Parameters<typeof startRollouts>[0]> = {}): Promise<RolloutProcess> {
      const outside = { url: database.url, told, clock, catalog: rolloutCatalog(), unleash };
      const started = await startRollouts({ ...outside, ...part });
      processes.push(started);
      return started;
    },
    /** Stops every console that was started, and drops the database. */
    async close(): Promise<void> {
      await Promise.all(processes.map((each) => each.stop()));
      await database.drop();
    },
  };
}
