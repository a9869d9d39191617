import type { Unleash } from 'unleash-client';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import type { FlagCell } from './minute-record.ts';

/** What a service counts as impact metrics: requests, and those that failed, sent along with what a flag answered. */
export interface ImpactCounts {
  /** Makes the counters known to an instance. */
  define(sdk: Unleash): void;
  /** Somebody was asked about; `on` are the flags that answered on. */
  saw(userId: string, on: ReadonlySet<string>): void;
  /** Counts the requests of a minute, each with one whom the flag answered so; where it answers otherwise by now, nothing. */
  add(sdk: Unleash, cells: readonly FlagCell[]): void;
}

/** The counters that the plans of these flags are guarded by. */
export function createImpactCounts(flags: readonly FlagDeclaration[]): ImpactCounts {
  const counted = flags.flatMap(({ name, rollout }) => {
    const guards = rollout?.stages.flatMap((stage) => stage.guards) ?? [];
    const pairs = new Map(
      guards.flatMap(({ source }) => (source.kind === 'impact' ? [[`${source.total} ${source.bad}`, source]] : [])),
    );
    return [...pairs.values()].map(({ total, bad }) => ({ flag: name, total, bad }));
  });
  const people = new Map<string, string>();
  return {
    define({ impactMetrics }) {
      for (const { total, bad } of counted) {
        impactMetrics.defineCounter(total, 'Requests answered');
        impactMetrics.defineCounter(bad, 'Requests answered with an error of ours');
      }
    },
    saw(userId, on) {
      for (const { flag } of counted) people.set(`${flag} ${on.has(flag)}`, userId);
    },
    add(sdk, cells) {
      for (const { flag, total, bad } of counted) {
        for (const { enabled, codeClass, count } of cells.filter((cell) => cell.flag === flag)) {
          const userId = people.get(`${flag} ${enabled}`);
          if (userId === undefined) continue;
          const asked = { flagNames: [flag], context: { userId } };
          if (Boolean(sdk.forceGetVariant(flag, asked.context).feature_enabled) !== enabled) continue;
          sdk.impactMetrics.incrementCounter(total, count, asked);
          if (codeClass === '5xx') sdk.impactMetrics.incrementCounter(bad, count, asked);
        }
      }
    },
  };
}
