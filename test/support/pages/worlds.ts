import type { Run } from '#app/domain/run/run.ts';
import { openReceipt, preparedRun, waitingProof } from './runs.ts';
import { burningWorld, dataTo, history, now, quietWorld, seen, strongSuspects, type World } from './world.ts';

const minute = 60_000;

/** The kill was confirmed two minutes ago: the receipt is open, verification counts down. */
export function actingWorld(): World {
  const world = burningWorld();
  const effectAt = now - 2 * minute;
  const run: Run = { ...preparedRun(now), state: 'open', openedBy: 'Ada Byron' };
  run.steps[1] = {
    ...run.steps[1]!,
    state: 'verifying',
    confirmedBy: 'Ada Byron',
    confirmedAt: effectAt - 20_000,
    effectAt,
    evidence: openReceipt(effectAt - 20_000),
    verification: waitingProof(effectAt),
    undoable: true,
    undoHash: 'f0e1d2c3',
  };
  return { ...world, runs: [run], followUps: [leftBehind()] };
}

/** Forty minutes after the kill: verified, resolved, a follow-up left. */
export function verifiedWorld(): World {
  const world = burningWorld();
  const effectAt = now - 30 * minute;
  const run: Run = { ...preparedRun(now), state: 'done', openedBy: 'Ada Byron', endedAt: now - 18 * minute };
  const receipt = openReceipt(effectAt - 20_000, { end: 'confirmed' });
  receipt.layers[4] = { layer: 'obeyed', at: effectAt + 40_000, text: 'no yes counted since' };
  receipt.applications = [{ application: 'voiceover', obeyed: true, text: '14 instances, 0 yes of 9,310' }];
  run.steps[1] = {
    ...run.steps[1]!,
    state: 'succeeded',
    result: 'improved',
    confirmedBy: 'Ada Byron',
    confirmedAt: effectAt - 20_000,
    effectAt,
    endedAt: now - 18 * minute,
    evidence: receipt,
    verification: waitingProof(effectAt, {
      burn: 0.3,
      bad: 1,
      total: 4_650,
      coverage: 1,
      provisional: false,
      outcome: 'improved',
      text: 'The burn fell under 1×.',
    }),
  };
  run.steps[2] = { ...run.steps[2]!, state: 'skipped', reason: 'steps.kill-flag.result is improved.' };
  const spell = { from: now - 72 * minute, to: effectAt, ratio: 0.026 };
  return {
    ...world,
    histories: { ...world.histories, 'voiceover-availability': history('voiceover-availability', [spell]) },
    incidents: [{ ...world.incidents[0]!, status: 'resolved', startedAt: spell.from, resolvedAt: now - 18 * minute }],
    observations: {
      ...world.observations,
      'cloud-monitoring failures/voiceover-availability': {
        ...world.observations['cloud-monitoring failures/voiceover-availability']!,
        at: now - 20 * minute,
      },
      'cloud-logging loglines/voiceover': {
        ...world.observations['cloud-logging loglines/voiceover']!,
        at: now - 20 * minute,
      },
      'firebreak suspects/inc-1': {
        ...world.observations['firebreak suspects/inc-1']!,
        at: now - 18 * minute,
      },
    },
    runs: [run],
    followUps: [leftBehind()],
    others: [],
  };
}

/** A provider fails: no change of ours explains it. */
export function unexplainedWorld(): World {
  const world = burningWorld();
  const { suspects } = strongSuspects();
  const innocent = { ...suspects[1]!, evidence: 'none' as const, reasons: ['56 min before', 'nothing moved then'] };
  return {
    ...world,
    observations: {
      ...world.observations,
      'firebreak suspects/inc-1': seen({
        suspects: [innocent],
        main: null,
        explained: false,
        verdict: 'Nothing of ours explains this: calls to the speech provider fail since 02:44.',
      }),
    },
    runs: [],
    changes: world.changes.slice(1),
  };
}

/** Every outside system has stopped answering. */
export function blackoutWorld(): World {
  const world = burningWorld();
  const since = now - 9 * minute;
  const failing = Object.fromEntries(
    Object.entries(world.observations).map(([key, value]) => [
      key,
      key.startsWith('firebreak')
        ? value
        : { ...value, at: since, error: 'no answer within 5 s', errorAt: now - 5_000 },
    ]),
  );
  return {
    ...world,
    histories: {
      ...world.histories,
      'voiceover-availability': history(
        'voiceover-availability',
        [{ from: now - 42 * minute, to: now, ratio: 0.026 }],
        { dataTo: dataTo - 9 * minute, stale: { error: 'deadline exceeded', since } },
      ),
    },
    sourceError: { error: 'deadline exceeded', at: now - 5_000, readAt: since },
    observations: failing,
  };
}

/** PagerDuty opened it for a service that no catalog file names. */
export function strangerWorld(): World {
  const world = burningWorld();
  const pagerDuty = {
    ...world.pagerDuty['inc-1']![0]!,
    service: { id: 'PXYZ9', name: 'Render farm' },
    title: 'Disk full on node 7',
  };
  return {
    ...quietWorld(),
    incidents: [
      {
        ...world.incidents[0]!,
        title: 'Disk full on node 7',
        service: null,
        slo: null,
        tier: null,
        startedAt: null,
        runbook: null,
      },
    ],
    pagerDuty: { 'inc-1': [pagerDuty] },
    changes: world.changes,
    observations: {},
  };
}

/** PagerDuty opened it for a service whose SLOs do not burn. */
export function noSloWorld(): World {
  const world = burningWorld();
  return {
    ...quietWorld(),
    incidents: [
      { ...world.incidents[0]!, title: 'Customers report silent films', slo: null, tier: null, startedAt: null },
    ],
    pagerDuty: world.pagerDuty,
    changes: world.changes,
    observations: {
      ...world.observations,
      'firebreak suspects/inc-1': seen({
        suspects: [],
        main: null,
        explained: false,
        verdict: 'Nothing of ours explains this: no SLO burns, so no change can be weighed against first errors.',
      }),
    },
  };
}

/** Two services burn as one incident. */
export function stormWorld(): World {
  const world = burningWorld();
  return {
    ...world,
    histories: {
      ...world.histories,
      'studio-api-availability': history('studio-api-availability', [
        { from: now - 40 * minute, to: now, ratio: 0.018 },
      ]),
    },
    incidents: [{ ...world.incidents[0]!, children: ['studio-api'] }],
  };
}

/** A precondition is unknown: the confirm form asks for a sentence and a tick. */
export function doubtfulWorld(): World {
  const world = burningWorld();
  const step = world.runs[0]!.steps[1]!;
  step.plan = {
    ...step.plan!,
    preconditions: [{ state: 'unknown', text: 'the burn is not known: no data for 9 min' }],
    needsReason: true,
  };
  return world;
}

/** The change harmed: verification says worse and undo is offered. */
export function worseWorld(): World {
  const world = actingWorld();
  const step = world.runs[0]!.steps[1]!;
  step.verification = waitingProof(step.effectAt!, {
    burn: 61,
    bad: 289,
    total: 4_740,
    coverage: 0.4,
    outcome: 'worse',
    text: 'It burns more than before, on the first provisional minutes.',
  });
  step.result = 'worse';
  return world;
}

/** What a kill leaves behind. */
export function leftBehind(): World['followUps'][number] {
  return {
    id: 'fu-1',
    kind: 'flag-killed',
    target: 'flag/production/voiceover-v2',
    title: 'voiceover-v2 is off in production',
    service: 'voiceover',
    owner: 'linus@studio.example',
    incidentId: 'inc-1',
    runId: 'run-1',
    openedAt: now - 2 * minute,
    dueAt: now + 7 * 24 * 60 * minute,
    clearedAt: null,
    clearedBy: null,
    wayBack: {
      template: 'template:flag.restore',
      label: 'Back to 25 % of users',
      inputs: { flag: 'voiceover-v2', environment: 'production' },
    },
  };
}

/** All worlds by name, for the preview and the tests. */
export const worlds: Record<string, () => World> = {
  burning: burningWorld,
  quiet: quietWorld,
  acting: actingWorld,
  verified: verifiedWorld,
  unexplained: unexplainedWorld,
  blackout: blackoutWorld,
  stranger: strangerWorld,
  'no-slo': noSloWorld,
  storm: stormWorld,
  doubtful: doubtfulWorld,
  worse: worseWorld,
};
