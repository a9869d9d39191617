import { type Against, type AgainstWorld, againstWayBack } from '../../domain/panic/against.ts';
import { type Panic, undoableMembers } from '../../domain/panic/panic.ts';
import { standingFreezes } from '../freezes.server.ts';
import type { RunStoreDeps } from '../run/runs.server.ts';

type Deps = Pick<RunStoreDeps, 'db' | 'catalog' | 'environment'> & { clock: Pick<RunStoreDeps['clock'], 'now'> };

/** Freezes, open incidents and rules as they stand now, for the way back of panics. */
export async function worldAgainst({ db, catalog, clock, environment }: Deps): Promise<AgainstWorld> {
  const now = clock.now();
  const [freezes, incidents, files] = await Promise.all([
    standingFreezes(db, now),
    db.selectFrom('incident').select(['id', 'title', 'service', 'children']).where('status', '=', 'open').execute(),
    catalog(),
  ]);
  return { freezes, incidents, catalog: files, environment, now };
}

/** What speaks against the way back of a panic now; reads nothing where nothing can be taken back. */
export async function againstUndo(deps: Deps, panic: Pick<Panic, 'members'>): Promise<Against[]> {
  const members = undoableMembers(panic);
  return members.length === 0 ? [] : againstWayBack(members, await worldAgainst(deps));
}
