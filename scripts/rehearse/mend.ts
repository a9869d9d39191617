import { heal } from './break-world.ts';
import { actorOf, type Play } from './play.ts';
import { usualSpeed } from './world.ts';

const minute = 60_000;
/** What was broken is out of every judgement after this: verification looks two hours back. */
const gapMs = 150 * minute;

/** Puts the world back: ends what an earlier case left, mends everything, and lets it be forgotten. */
export async function mend(play: Play): Promise<void> {
  const { stage, pace, catalog } = play;
  const { stores } = stage;
  play.down.clear();
  pace.speed(usualSpeed);
  await heal(stage.sim, 'all', catalog);
  const root = actorOf(play, 'root');
  for (const { id: runId } of await stores.runs.list({ open: true, limit: 100 }))
    await stores.runs.cancel({ runId, reason: 'The next case begins.', actor: root });
  for (const { id } of await stores.followUps.open()) await stores.followUps.clear(id, root, pace.now());
  await stage.sim('calm', {});
  await pace.pass(gapMs);
  for (let waited = 0; waited < 20 && (await stores.incidents.open()).length > 0; waited++) {
    await pace.pass(5 * minute);
    await pace.moment();
  }
}
