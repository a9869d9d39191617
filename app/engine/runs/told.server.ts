import type { Tx } from '../../platform/db.server.ts';
import type { RunRow } from '../../stores/run/run-rows.ts';
import type { EngineDeps } from './deps.ts';

/** Pages of this run, and lists of runs, hear of it when the transaction commits. */
export async function told(deps: Pick<EngineDeps, 'notify'>, tx: Tx, run: Pick<RunRow, 'id'>): Promise<void> {
  await deps.notify('runs', tx, `run/${run.id}`);
}
