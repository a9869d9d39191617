import { afterEach, expect, test } from 'vitest';
import { flagExpose } from '#app/actions/flag-expose.server.ts';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import { sameFlagState } from '#app/domain/flag/kill-plan.ts';
import type { Actor, RunStep } from '#app/domain/run/run.ts';
import { errorCode } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
import { openUnleash } from '../clients/unleash/console.ts';
import { ada, catalogOf, startProcess, type TestProcess, untilStep } from '../engine/harness.ts';

const unleash = openUnleash();
const environment = 'production';
const silent = async () => undefined;
/** How long a person of the crowd waits at most, and how often each looks (wall ms): a hundred who look all the time would only slow the engine. */
const patience = [240_000, 1_000] as const;
const database = testDatabase({ each: true });
let process: TestProcess;

afterEach(async () => {
  await process.stop();
});

async function start(flags: string[]): Promise<void> {
  const catalog = catalogOf([]);
  const environments = [{ name: environment, protected: false }];
  catalog.flags = flags.map((name) => ({ ...catalog.flags[0]!, name, environments }));
  process = await startProcess({
    url: database.url,
    catalog,
    actions: ({ db }) => [
      flagExpose({
        unleash: unleash.read,
        write: unleash.write,
        witness: { evaluate: () => true, seenAt: () => Date.now() + 1_000, start: silent, stop: silent },
        observations: createObservationStore(db),
        changes: createChangeStore(db, Date.now, silent),
        slos: { state: async () => null, states: async () => [], minutes: async () => [], points: async () => [] },
        incidents: { open: async () => [] },
        clock: systemClock,
        ownEnvironment: 'elsewhere',
      }),
    ],
  });
}

const person = (index: number): Actor => ({ ...ada, email: `person-${index}@studio.example`, name: `Person ${index}` });

/** One person sets a share: opens the run, reads its plan and confirms it. Their run, and what they were told where they were refused. */
async function turn(flag: string, percent: number, actor: Actor): Promise<{ runId: string; refused: string | null }> {
  const inputs = { flag, environment, percent: String(percent) };
  const wish = { template: 'template:flag.expose', inputs, incidentId: null, service: null };
  const runId = await process.runs.openRun(wish, actor);
  const step = await untilStep(process, runId, 'expose', ['planned'], ...patience);
  const word = { runId, stepId: 'expose', hash: step.planHash!, reason: 'all at once', acknowledged: true };
  const refused = await process.runs.confirm({ ...word, outcome: null, actor, address: null }).then(
    () => null,
    (error: unknown) => {
      if (!errorCode(error)) throw error;
      return (error as Error).message;
    },
  );
  return { runId, refused };
}

test('a hundred people turn one flag and ten others at once: one order, no lost update, an answer for everybody', async () => {
  const one = await createUnleashFlag('crowd');
  const others = await Promise.all(Array.from({ length: 10 }, () => createUnleashFlag('crowd')));
  for (const flag of [one, ...others]) await rolloutUnleashFlag(flag, environment, 100);
  await start([one, ...others]);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      // Fifty shares of one flag, and five of each other one.
      index < 50 ? turn(one, index, person(index)) : turn(others[index % 10]!, Math.floor(index / 10), person(index)),
    ),
  );
  const settled = new Map<string, RunStep>();
  for (const { runId } of answers)
    settled.set(
      runId,
      await untilStep(process, runId, 'expose', ['succeeded', 'verifying', 'planned', 'failed'], ...patience),
    );
  for (const { runId, refused } of answers) {
    const { state, reason, plan } = settled.get(runId)!;
    // Done, or told why not: that the flag has moved since they read its plan.
    if (state === 'planned')
      expect(`${refused} ${reason} ${plan?.refused}`).toMatch(/moved|set .* since|already|Somebody/);
    else expect(['succeeded', 'verifying']).toContain(state);
  }
  for (const flag of [one, ...others]) {
    const done = [...settled.values()]
      .filter(({ state, plan }) => state !== 'planned' && plan?.target === `flag/${environment}/${flag}`)
      .sort((a, b) => (a.effectAt ?? 0) - (b.effectAt ?? 0));
    expect(done.length).toBeGreaterThan(0);
    // Each was written onto what one other had left: a chain without a fork, whose end is what stands there.
    const now = (await unleash.read.flag(flag)).environments.find((each) => each.environment === environment)!;
    const shape = (state: unknown, other: unknown) =>
      sameFlagState(state as FlagEnvironmentState, other as FlagEnvironmentState);
    const ends = done.filter(({ plan }) => !done.some((next) => shape(next.plan!.before, plan!.after)));
    expect(ends).toHaveLength(1);
    expect(shape(ends[0]!.plan!.after, now)).toBe(true);
    for (const step of done) expect(done.filter(({ plan }) => shape(plan!.before, step.plan!.before))).toHaveLength(1);
  }
  expect(await createAuditStore(process.db).verify()).toMatchObject({ ok: true });
  const confirmed = (await createAuditStore(process.db).page({ limit: 500 })).filter(
    ({ action }) => action === 'step.confirmed',
  );
  expect(new Set(confirmed.map(({ actor }) => actor)).size).toBe(
    answers.filter(({ refused }) => refused === null).length,
  );
}, 600_000);
