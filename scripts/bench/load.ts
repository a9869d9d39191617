import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** What came of a load: wall ms from the moment a view was due to its last byte. */
export interface LoadResult {
  ms: number[];
  failed: number;
}

/**
 * Asks for `paths` in turn, `perSecond` views in all for `seconds`, at their due times whether or not earlier ones were
 * answered (an open loop: a slow server is not spared). Several `origins` share the views evenly.
 */
export async function viewPages(options: {
  origins: readonly string[];
  paths: readonly string[];
  cookie: string;
  perSecond: number;
  seconds: number;
}): Promise<LoadResult> {
  const { origins, paths, cookie, perSecond, seconds } = options;
  const pools = origins.map((origin) => new Pool(origin, { connections: 64 }));
  const result: LoadResult = { ms: [], failed: 0 };
  const views: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = begin + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    const pool = pools[index % pools.length]!;
    const path = paths[Math.floor(index / pools.length) % paths.length]!;
    views.push(
      view(pool, path, cookie).then((ok) => {
        if (ok) result.ms.push(performance.now() - due);
        else result.failed += 1;
      }),
    );
  }
  await Promise.all(views);
  await Promise.all(pools.map((pool) => pool.close()));
  return result;
}

async function view(pool: Pool, path: string, cookie: string): Promise<boolean> {
  try {
    const headers = { cookie, accept: 'text/html', 'accept-encoding': 'gzip', 'user-agent': 'Mozilla/5.0' };
    const answer = await pool.request({ path, method: 'GET', headers });
    await answer.body.dump({ limit: 10_000_000 });
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}
