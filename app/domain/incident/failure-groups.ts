import type { FailureGroup } from './observed.ts';

/** One line of "what fails": bad events by response code, with the revision and region that they share. */
export interface FailureLine {
  code: string;
  route: string | null;
  /** The revisions that hold at least a twentieth of the bad events, most first. */
  revisions: string[];
  regions: string[];
  bad: number;
}

/** Groups joined by route and code, most bad events first, the tail beyond `most` summed as `everything else`. */
export function failureLines(groups: FailureGroup[], most = 5): { lines: FailureLine[]; rest: number; bad: number } {
  const byCode = new Map<string, FailureGroup[]>();
  for (const group of groups) {
    if (group.bad <= 0) continue;
    const key = `${group.route ?? ''} ${group.code}`;
    byCode.set(key, [...(byCode.get(key) ?? []), group]);
  }
  const lines = [...byCode.values()].map(line).sort((a, b) => b.bad - a.bad);
  const rest = lines.slice(most).reduce((sum, each) => sum + each.bad, 0);
  return { lines: lines.slice(0, most), rest, bad: lines.reduce((sum, each) => sum + each.bad, 0) };
}

function line(groups: FailureGroup[]): FailureLine {
  const bad = groups.reduce((sum, group) => sum + group.bad, 0);
  return {
    code: groups[0]!.code,
    route: groups[0]!.route ?? null,
    revisions: holders(groups, 'revision', bad),
    regions: holders(groups, 'region', bad),
    bad,
  };
}

function holders(groups: FailureGroup[], by: 'revision' | 'region', bad: number): string[] {
  const sums = new Map<string, number>();
  for (const group of groups) sums.set(group[by], (sums.get(group[by]) ?? 0) + group.bad);
  return [...sums]
    .filter(([name, sum]) => name && sum >= bad / 20)
    .sort((a, b) => b[1] - a[1])
    .map(([name]) => name);
}
