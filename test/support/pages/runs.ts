import type { Receipt } from '#app/domain/flag/flag.ts';
import { flagOf } from '#app/domain/run/flag-of.ts';
import type { Plan, Run, RunStep, VerificationState } from '#app/domain/run/run.ts';

const minute = 60_000;

/** The plan that turns the suspect flag off, read at `readAt`. */
export function killPlan(readAt: number, more: Partial<Plan> = {}): Plan {
  return {
    action: 'flag.kill',
    kind: 'stop',
    target: 'flag/production/voiceover-v2',
    title: 'Bring voiceover-v2 to off in production',
    confirmLabel: 'Turn off and verify',
    before: {},
    after: {},
    diff: [
      { sign: ' ', text: 'voiceover-v2 · production · safe: off' },
      { sign: '-', text: 'on · 25 % of users by userId' },
      { sign: '+', text: 'off' },
    ],
    preconditions: [
      { state: 'pass', text: 'voiceover-availability burns over 6× in 5 min' },
      { state: 'pass', text: 'nobody else holds the flag' },
    ],
    needsReason: false,
    expected: 'about 0.3×: 1,389 of 13,450 fail with it on, 10 of 40,350 off',
    blast: ['2 applications, 14 instances', 'no child flags'],
    effect: 'in about 20 s, when 95 % of the instances have polled',
    effectMs: 20_000,
    undo: 'Turns it on again for 25 % of users by userId.',
    commands: [
      {
        label: 'Unleash Admin API',
        command:
          'curl -X POST "$UNLEASH_URL/api/admin/projects/default/features/voiceover-v2/environments/production/off" \\\n  -H "Authorization: $UNLEASH_ADMIN_TOKEN"',
      },
    ],
    verify: { slo: 'voiceover-availability', burnUnder: 1, window: '5m', within: 15 * minute },
    readAt,
    refused: null,
    ...more,
  };
}

/** A step with nothing done yet. */
export function step(id: string, index: number, more: Partial<RunStep> = {}): RunStep {
  const plain: Omit<RunStep, 'flag'> = {
    id,
    index,
    title: id,
    uses: 'flag.kill',
    kind: 'stop',
    state: 'pending',
    result: 'none',
    reason: null,
    planHash: null,
    plan: null,
    attempt: 1,
    confirmedBy: null,
    confirmedAt: null,
    effectAt: null,
    endedAt: null,
    verification: null,
    evidence: null,
    outputs: {},
    captured: null,
    undoable: false,
    undoHash: null,
    ...more,
  };
  return { flag: flagOf(plain, null, {}), ...plain };
}

/** The runbook's run as the engine prepares it: the read is done, the first change is planned. */
export function preparedRun(now: number, more: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    template: 'voiceover-burn',
    title: 'Voiceover is burning its error budget',
    state: 'prepared',
    service: 'voiceover',
    incidentId: 'inc-1',
    inputs: { flag: 'voiceover-v2' },
    openedBy: 'engine',
    openedAt: now - 2 * minute,
    endedAt: null,
    digest: 'r1',
    steps: [
      step('confirm-burn', 0, {
        title: 'Confirm the burn',
        uses: 'slo.check',
        kind: 'read',
        state: 'succeeded',
        reason: 'Both windows over 14.4×, no gap in the data.',
      }),
      step('kill-flag', 1, {
        title: 'Bring the suspect flag to its safe state in production',
        state: 'planned',
        planHash: 'a1b2c3d4e5f60718',
        plan: killPlan(now - 4_000),
      }),
      step('roll-back', 2, { title: 'Route back to the last healthy revision', uses: 'cloudrun.traffic' }),
    ],
    ...more,
  };
}

/** What verification knows before the first informative minute. */
export function waitingProof(effectAt: number, more: Partial<VerificationState> = {}): VerificationState {
  return {
    slo: 'voiceover-availability',
    window: '5m',
    burnUnder: 1,
    effectAt,
    firstInformativeAt: effectAt + 10 * minute,
    deadline: effectAt + 15 * minute,
    lookedAt: effectAt + minute,
    burn: null,
    bad: 0,
    total: 0,
    coverage: 0,
    provisional: true,
    outcome: null,
    text: 'No minute from after the effect is visible yet.',
    ...more,
  };
}

/** A receipt on its way: served, not yet obeyed. */
export function openReceipt(at: number, more: Partial<Receipt> = {}): Receipt {
  return {
    flag: 'voiceover-v2',
    environment: 'production',
    expected: false,
    layers: [
      { layer: 'accepted', at, text: 'Unleash took the change' },
      { layer: 'recorded', at: at + 800, text: 'event 212 in its audit' },
      { layer: 'served', at: at + 1_200, text: 'SDKs are served off, revision 88' },
      { layer: 'witnessed', at: at + 2_000, text: "Firebreak's own SDK evaluates false" },
      { layer: 'obeyed', at: null, text: 'waiting for reports of the applications' },
    ],
    applications: [{ application: 'voiceover', obeyed: null, text: '14 instances, report due within 60 s' }],
    deadline: at + 5 * minute,
    end: null,
    ...more,
  };
}
