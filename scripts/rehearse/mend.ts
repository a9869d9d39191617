import { heal } from './break-world.ts';
import { actorOf, type Play } from './play.ts';
import { usualSpeed } from './world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** What was broken is out of every judgement after this: verification looks two hours back. */
const gapMs = 150 * minute;
/** Cases begin on a working day before the weekend's eve, at these hours (UTC): traffic is about the same for all of them. */
const hours = [10, 13, 16, 19];

/** Puts the world back: ends what an earlier case left, mends everything, and lets it be forgotten. */
export async function mend(play: Play): Promise<void> {
  const { stage, pace, catalog } = play;
  const { stores } = stage;
  play.down.clear();
  pace.speed(usualSpeed);
  pace.dim(false);
  await heal(stage.sim, 'all', catalog);
  const root = actorOf(play, 'root');
  for (const { id: runId } of await stores.runs.list({ open: true, limit: 100 }))
    await stores.runs.cancel({ runId, reason: 'The next case begins.', actor: root });
  for (const { id } of await stores.followUps.open()) await stores.followUps.clear(id, root, pace.now());
  await stage.sim('calm', {});
  await pace.pass(nextStart(pace.now() + gapMs) - pace.now());
  for (let waited = 0; waited < 20 && (await stores.incidents.open()).length > 0; waited++) {
    await pace.pass(5 * minute);
    await pace.moment();
  }
}

/** The next moment at or after `from` at which a case may begin, ms. */
export function nextStart(from: number): number {
  for (let midnight = Math.floor(from / day) * day; ; midnight += day) {
    const starts = hours.map((hour) => midnight + hour * 60 * minute);
    const next = starts.find((at) => at >= from);
    if (next !== undefined && [1, 2, 3, 4].includes(new Date(midnight).getUTCDay())) return next;
  }
}
