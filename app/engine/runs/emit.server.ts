import { sql } from 'kysely';
import { storable } from '../../domain/audit/canonical.ts';
import type { Claim } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { errorText } from './words.ts';

/** What the lines of one step may take in all, characters, and one line of them. */
const mostOfStep = 64 * 1024;
const longestLine = 2_000;
const full = 'It says more than is kept here: 64 KB.';

/**
 * The way for a running step to say how far it is: each line is kept at once, without its secrets, so that a crash loses none, and
 * is heard by whoever looks at the run. A line that repeats the last one is not kept again. A line that cannot be written is
 * lost, and stops nothing.
 */
export function createEmit(deps: EngineDeps, { run, step }: Claim): (line: string) => void {
  let last = Promise.resolve();
  return (line) => {
    const text = storable((deps.redact ?? ((given: string) => given))(line.trim())).slice(0, longestLine);
    if (text === '') return;
    const at = deps.clock.now();
    last = last
      .then(() => keep(text, at))
      .catch((error: unknown) => {
        deps.log.warn({ run: run.id, step: step.step_id, why: errorText(error) }, 'a line of a step was lost');
      });
  };

  async function keep(text: string, at: number): Promise<void> {
    const lines = deps.db.selectFrom('step_line').where('run_id', '=', run.id).where('step_id', '=', step.step_id);
    const newest = await lines.select('text').orderBy('id', 'desc').limit(1).executeTakeFirst();
    if (newest?.text === text || newest?.text === full) return;
    const { size } = await lines
      .select(sql<string>`coalesce(sum(length(text) + 1), 0)`.as('size'))
      .executeTakeFirstOrThrow();
    const said = Number(size) + text.length + 1 > mostOfStep - full.length ? full : text;
    const about = { run_id: run.id, step_id: step.step_id, attempt: step.attempt };
    await deps.db
      .insertInto('step_line')
      .values({ ...about, at, text: said })
      .execute();
    await deps.notify(`run/${run.id}`);
  }
}
