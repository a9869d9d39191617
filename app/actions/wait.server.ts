import { lookAtWait, nextTimeOfDay, type Waiting } from '../domain/run/wait.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import { burnText, durationText } from '../domain/slo/figures.ts';
import type { SloStore } from '../stores/stores.ts';
import type { Action, ActionContext } from './action.ts';
import { blankPlan } from './plan-parts.ts';
import { readBurn } from './slo-burn.server.ts';

/** What a wait waits for, as its hash covers it. `endsAt` is set where it ends at a time of day, `longest` everywhere else (ms). */
interface WaitAfter {
  endsAt: number | null;
  longest: number | null;
  slo: string | null;
}

/** Data ms between looks. */
const lookEvery = 10_000;

/**
 * `wait`: lets time pass until a clock, a stretch, or an SLO's burn says so, always with an end. It holds nothing and runs
 * nowhere in between: each look is a job of its own, so that it outlives the process. Output `answer`: `yes` when what it
 * waited for came, `no` when the time ran out first, `unknown` when the data did not say at the end.
 */
export function wait(slos: Pick<SloStore, 'state'>): Action {
  return {
    uses: 'wait',
    recovery: 'idempotent',
    async plan(context) {
      const after = waitAfter(context);
      const plan = blankPlan(context, {
        kind: 'people',
        title: titleOf(context),
        confirmLabel: 'Start waiting',
        after,
        diff: [{ sign: ' ', text: `${titleOf(context)}. Nothing is changed meanwhile; it can be ended at any time.` }],
      });
      return { plan, capture: null };
    },
    async apply(context, move) {
      const { endsAt, longest } = move.plan.after as WaitAfter;
      const now = context.now();
      const progress: Waiting = {
        startedAt: now,
        endsAt: endsAt ?? now + (longest ?? 0),
        heldSince: null,
        lookedAt: now,
      };
      return { next: 'done', progress, evidence: { endsAt: progress.endsAt }, outputs: {} };
    },
    async observe() {
      return { state: 'done', text: 'it waits' };
    },
    async follow(context, move) {
      const { slo } = move.plan.after as WaitAfter;
      const now = context.now();
      const read = slo === null ? null : await readBurn(slos, slo, context.input);
      const holdFor = slo === null ? 0 : (parseDuration(String(context.input.for ?? '')) ?? 0);
      const looked = lookAtWait(move.progress as Waiting, read?.holds ?? null, holdFor, now);
      const { endsAt, heldSince } = looked.waiting;
      const met = looked.end === 'met' || slo === null;
      if (read) context.emit(read.reading);
      const answer = met ? 'yes' : (read?.holds ?? null) === null ? 'unknown' : 'no';
      const burn = read ? { reading: read.reading } : {};
      const held = heldSince === null || looked.end ? {} : { holdsFor: durationText(now - heldSince) };
      return {
        evidence: looked.end
          ? { ended: met ? 'what it waited for is there' : 'the time ran out', ...burn, endedAt: now }
          : { endsAt, ...burn, ...held },
        progress: looked.waiting,
        effectAt: looked.end ? now : null,
        ended: looked.end !== null,
        failed: null,
        lookIn: Math.max(1_000, Math.min(lookEvery, endsAt - now)),
        ...(looked.end ? { outputs: { answer } } : {}),
      };
    },
  };
}

function waitAfter({ input, catalog, now }: ActionContext): WaitAfter {
  const slo = typeof input.slo === 'string' ? input.slo : null;
  if (typeof input.until === 'string')
    return { endsAt: nextTimeOfDay(input.until, catalog.timeZone ?? 'UTC', now()), longest: null, slo };
  return { endsAt: null, longest: parseDuration(String(slo === null ? input.for : input.at_most)), slo };
}

function titleOf({ input, catalog }: ActionContext): string {
  const inWords = (text: unknown) => durationText(parseDuration(String(text)) ?? 0);
  if (typeof input.until === 'string') return `Wait until ${input.until} (${catalog.timeZone ?? 'UTC'})`;
  if (typeof input.slo !== 'string') return `Wait ${inWords(input.for)}`;
  const bounds = [
    typeof input.burn_under === 'number' ? `under ${burnText(input.burn_under)}` : null,
    typeof input.burn_over === 'number' ? `over ${burnText(input.burn_over)}` : null,
  ].filter((bound) => bound !== null);
  const steady = input.for === undefined ? '' : ` for ${inWords(input.for)}`;
  return `Wait until ${input.slo} burns ${bounds.join(' and ')}${steady}, at most ${inWords(input.at_most)}`;
}
