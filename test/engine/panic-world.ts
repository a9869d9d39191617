import { afterEach, beforeEach } from 'vitest';
import { memberStep } from '#app/domain/panic/panic.ts';
import type { PanicSet } from '#app/domain/panic/panic-set.ts';
import { undoPanics } from '#app/engine/undo-panics.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createPanicStore, type PanicNow } from '#app/stores/panic/panics.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import { giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, grace, startProcess, type TestProcess, untilStep } from './harness.ts';

/** A set of one flag and one service's traffic. */
export const set: PanicSet = {
  name: 'speech',
  title: 'Speech back',
  why: 'Voices fail.',
  environment: 'production',
  members: [
    { kind: 'flag', name: 'voiceover-v2' },
    { kind: 'traffic', name: 'voiceover' },
  ],
};

/** What Ada says when she presses. */
export const word = { reason: 'Everything fails.', acknowledged: true, actor: ada, address: null };

/** A console whose flag is `on` and whose traffic is `new`, anew for every test of the file; pressed, they are `off` and `old`. */
export function panicWorld() {
  const database = testDatabase({ each: true });
  const catalog = catalogOf([]);
  const flags = fakeTarget('on');
  const traffic = fakeTarget('new');
  const notify = async () => undefined;
  const environment = 'production';
  let process: TestProcess;

  beforeEach(async () => {
    Object.assign(flags, fakeTarget('on'));
    Object.assign(traffic, fakeTarget('new'));
    const actions = [
      fakeAction('flag.kill', 'stop', flags, 'off'),
      fakeAction('cloudrun.traffic', 'stop', traffic, 'old'),
    ];
    process = await startProcess({ url: database.url, catalog, actions });
    await giveAccounts(process.db, [ada, grace]);
  });
  afterEach(async () => {
    await process.stop();
  });

  function panics() {
    const { db, boss, runs } = process;
    const deps = { db, send: createSendRun(boss), catalog: async () => catalog, clock: systemClock, notify };
    return createPanicStore({ ...deps, audit: appendAudit, environment, mode: 'act', runs });
  }

  const read = async (id: string) => (await panics().get(id))!;

  /** The panic, once every member is planned. */
  async function planned(id: string): Promise<PanicNow> {
    for (const { run } of (await read(id)).members)
      if (run) await untilStep(process, run.id, run.steps[0]!.id, ['planned']);
    return read(id);
  }

  /** The panic, once every member that was confirmed is in one of these states. */
  async function settled(id: string, states: Parameters<typeof untilStep>[3]): Promise<PanicNow> {
    for (const { run, confirmed } of (await read(id)).members)
      if (run && confirmed) await untilStep(process, run.id, run.steps[0]!.id, states);
    return read(id);
  }

  return {
    flags,
    traffic,
    panics,
    planned,
    settled,
    get process() {
      return process;
    },
    /** A panic that Ada pressed, once it has taken effect. */
    async pressed(pressedSet = set): Promise<PanicNow> {
      const id = await panics().open(pressedSet, ada);
      await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
      return settled(id, ['succeeded']);
    },
    /** Grace, or `by`, asks for the way back of the panic as it was read. */
    askBack({ id, undoHash }: PanicNow, { by = grace, acknowledged = false } = {}): Promise<void> {
      const reason = 'It was the network.';
      return panics().undo({ id, hash: undoHash, reason, acknowledged, actor: by, address: null });
    },
    /** One look of the engine's at ways back. */
    async goBack(clock: Parameters<typeof undoPanics>[0]['clock'] = systemClock): Promise<void> {
      const { db, runs } = process;
      await undoPanics({ db, clock, runs, notify, catalog: async () => catalog, environment })();
    },
    /** The step of a member, once it was undone. */
    undone({ members }: PanicNow, member: number) {
      const { run } = members[member]!;
      return untilStep(process, run!.id, memberStep(members[member]!)!.id, ['undone']);
    },
  };
}
