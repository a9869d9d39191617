import type { Problem } from './runbook.ts';

const most = 100;

/** At most a hundred problems of one file; what is left out stands as one more, an error if an error is among it. */
export function boundedProblems(problems: Problem[]): Problem[] {
  if (problems.length <= most) return problems;
  const more = problems.slice(most);
  const rest: Problem = {
    ...more[0]!,
    severity: more.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    message: `${more.length} more ${more.length === 1 ? 'problem stands' : 'problems stand'} from here on.`,
    hint: 'Mend those above first.',
  };
  return [...problems.slice(0, most), rest];
}
