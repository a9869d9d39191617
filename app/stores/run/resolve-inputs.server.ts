import type { SuspectList } from '../../domain/change/change.ts';
import type { RunbookInput } from '../../domain/runbook/runbook.ts';
import type { Db, Tx } from '../../platform/db.server.ts';

/**
 * A runbook's inputs with their rules resolved: `most-recently-changed` becomes the flag that the incident's strongest
 * flag suspect names, else the flag of the service that changed last. `previous-healthy` stays: it is read when the step is planned.
 */
export async function resolveInputs(
  db: Db | Tx,
  declared: readonly RunbookInput[],
  given: Record<string, string>,
  at: { incidentId: string | null; service: string | null },
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const input of declared) {
    const value = given[input.name]?.trim() || input.default;
    if (value === null) continue;
    const resolved = input.type === 'flag' && value === 'most-recently-changed' ? await lastFlag(db, at) : value;
    if (resolved !== null) inputs[input.name] = resolved;
  }
  return inputs;
}

async function lastFlag(
  db: Db | Tx,
  at: { incidentId: string | null; service: string | null },
): Promise<string | null> {
  if (at.incidentId !== null) {
    const row = await db
      .selectFrom('observation')
      .select('value')
      .where('source', '=', 'firebreak')
      .where('key', '=', `suspects/${at.incidentId}`)
      .executeTakeFirst();
    const list = row?.value as SuspectList | null | undefined;
    const flag = list?.suspects.find((one) => one.change.kind === 'flag');
    if (flag) return flag.change.target;
  }
  let query = db.selectFrom('change').select('target').where('kind', '=', 'flag').orderBy('at', 'desc');
  if (at.service !== null) query = query.where('service', '=', at.service);
  return (await query.executeTakeFirst())?.target ?? null;
}
