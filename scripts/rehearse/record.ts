import type { RehearsalReport } from '#app/domain/rehearsal/record.ts';
import { paths } from '#app/paths.ts';
import type { Played } from './rehearse.ts';

/** One report a runbook, of those whose every case was played. */
export function reportsOf(played: readonly Played[]): RehearsalReport[] {
  const rehearsals = new Map(played.map(({ chosen }) => [chosen.rehearsal, chosen.runbook]));
  return [...rehearsals].flatMap(([rehearsal, runbook]) => {
    const own = played.filter(({ chosen }) => chosen.rehearsal === rehearsal);
    if (own.length < rehearsal.cases.length) return [];
    const cases = own.map(({ result: { name, findings } }) => ({
      name,
      held: findings.length === 0,
      why: findings[0]?.message.slice(0, 2_000) ?? null,
    }));
    return [{ runbook: runbook.slug, digest: runbook.digest, rehearsal: rehearsal.digest, cases }];
  });
}

/** Tells a console at `url` what was played; throws what it refuses with. */
export async function record(reports: readonly RehearsalReport[], url: string, key: string): Promise<void> {
  for (const report of reports) {
    const response = await fetch(new URL(paths.apiRehearsals(), url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(report),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok)
      throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500).trim()}`);
  }
}
