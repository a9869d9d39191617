import { paths } from '../../app/paths.ts';
import { type Figure, median } from './figure.ts';
import { postForm, studioDb, until } from './incident.ts';
import type { BenchStudio } from './studio.ts';
import { signInCookie } from './web-console.ts';

const rounds = 5;

/** A confirmed step whose verification has begun. */
export interface Confirmed {
  runId: string;
  step: string;
  ms: number;
}

/**
 * P11: from the confirm form's POST to the moment at which the step's outcome, Unleash's yes, is on record; against the
 * bare call to Unleash that turns a flag off. Each but the last is undone.
 */
export async function confirm(studio: BenchStudio): Promise<{ figures: Figure[]; last: Confirmed }> {
  const cookie = await signInCookie(studio.url, studio.world.password);
  const db = studioDb(studio);
  try {
    const incident = await db.incident();
    const change = await db.suspect(incident);
    const ours: number[] = [];
    const parts: { answered: number; intent: number; call: number }[] = [];
    const bare: number[] = [];
    let last: Confirmed | null = null;
    for (let round = 0; round < rounds; round++) {
      if (last) await undo(studio, db, cookie, last);
      bare.push(await bareCall(studio));
      const to = await postForm(studio.url, paths.incident(incident), cookie, { intent: 'reverse', change });
      const runId = new URL(to, studio.url).pathname.split('/').at(-1)!;
      const { step, hash } = await db.planned(runId);
      const begin = performance.now();
      await postForm(studio.url, paths.run(runId), cookie, {
        intent: 'confirm',
        step,
        hash,
        // Asked for when the burn has already begun to fall.
        reason: 'measured',
        acknowledged: 'yes',
      });
      const answered = performance.now() - begin;
      const { intentAt, outcomeAt } = await db.outcome(runId, step);
      last = { runId, step, ms: performance.now() - begin };
      parts.push({ answered, intent: last.ms - answered - (outcomeAt - intentAt), call: outcomeAt - intentAt });
      ours.push(last.ms);
    }
    const [mine, theirs] = [median(ours), median(bare)];
    const figure: Figure = {
      id: 'P11',
      work: 'confirm a kill: form sent to "accepted" on record',
      unit: 'ms',
      ours: mine,
      reference: { what: 'bare Unleash call', value: theirs },
      reach: '≤ 500 ms, ≤ 3×',
      within: mine <= 500 && mine <= 3 * theirs,
    };
    const part = (work: string, pick: (one: (typeof parts)[number]) => number): Figure => ({
      id: 'P11',
      work: `… ${work}`,
      unit: 'ms',
      ours: median(parts.map(pick)),
      reference: null,
      reach: '',
      within: null,
    });
    const figures = [
      figure,
      part('of it: form answered', (one) => one.answered),
      part('of it: queue, lock, plan check, intent', (one) => one.intent),
      part('of it: the call to Unleash and its record', (one) => one.call),
    ];
    return { figures, last: last! };
  } finally {
    await db.close();
  }
}

async function undo(studio: BenchStudio, db: ReturnType<typeof studioDb>, cookie: string, done: Confirmed) {
  await postForm(studio.url, paths.run(done.runId), cookie, { intent: 'undo', step: done.step, reason: 'measured' });
  await until('the kill is undone', async () => {
    const row = await db.step(done.runId, done.step);
    return row?.state === 'undone' ? true : null;
  });
}

/** One change of a flag that nobody confirms and nothing follows; turned back on afterwards. */
async function bareCall({ world }: BenchStudio): Promise<number> {
  const flag = 'moodboard-analysis-v3';
  const call = async (state: 'on' | 'off') => {
    const path = `/api/admin/projects/default/features/${flag}/environments/production/${state}`;
    const begin = performance.now();
    const response = await fetch(world.unleash.url + path, {
      method: 'POST',
      headers: { authorization: world.unleash.adminToken, 'content-type': 'application/json' },
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`Unleash answered ${response.status} to ${path}.`);
    return performance.now() - begin;
  };
  await call('on');
  return call('off');
}
