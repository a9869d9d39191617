import { guardOf, guardSchema } from './guard-declaration.ts';
import { impactFault } from './impact.ts';
import type { RolloutGuard, RolloutSubject } from './plan.ts';

/** The fields of a form that make a guard by two counts: of Cloud Monitoring, and of impact metrics. */
export const writtenFields = [
  'metricName',
  'metricProject',
  'metricTotal',
  'metricBad',
  'metricUnder',
  'impactName',
  'impactTotal',
  'impactBad',
  'impactUnder',
] as const;
export type WrittenField = (typeof writtenFields)[number];
/** Such guards as they were typed; `…Under` is in percent. */
export type WrittenGuards = Record<WrittenField, string>;

/** Nothing written, of the one project that there is. */
export function noGuards(projects: readonly string[]): WrittenGuards {
  const blank = Object.fromEntries(writtenFields.map((name) => [name, ''])) as WrittenGuards;
  return { ...blank, metricProject: projects.length === 1 ? projects[0]! : '' };
}

/**
 * The guards that were written, by the rules of files, or the first thing wrong and where. `projects` are those whose metrics may be
 * asked for: what the console's account can read beyond them is nobody's here.
 */
export function readWrittenGuards(
  written: WrittenGuards,
  subject: RolloutSubject,
  projects: readonly string[],
): { guards: RolloutGuard[] } | { field: WrittenField; problem: string } {
  const guards: RolloutGuard[] = [];
  for (const kind of ['metric', 'impact'] as const) {
    const value = (name: string) => (written[`${kind}${name}` as WrittenField] ?? '').trim().replace(/\s+/g, ' ');
    const [name, total, bad, percent] = [value('Name'), value('Total'), value('Bad'), value('Under')];
    if ([name, total, bad, percent].every((each) => each === '')) continue;
    const share = shareOf(percent);
    if (share === null) {
      const problem = `Write from how many percent of bad ones on it is harm, such as 2 or 0.5.`;
      return { field: `${kind}Under`, problem };
    }
    const counts = { name, total, bad, under: share };
    const project = value('Project');
    const read = guardSchema.safeParse(kind === 'metric' ? { metric: { ...counts, project } } : { unleash: counts });
    if (!read.success) {
      const { path, message, ...issue } = read.error.issues[0]!;
      const hint = issue.code === 'custom' ? (issue.params?.hint as string | undefined) : undefined;
      return { field: fieldAt(kind, path), problem: [message, hint].filter(Boolean).join(' ') };
    }
    const other = kind === 'metric' ? projectFault(project, projects) : noImpact(subject);
    if (other) return { field: kind === 'metric' ? 'metricProject' : 'impactName', problem: other };
    guards.push(guardOf(read.data));
  }
  return { guards };
}

function shareOf(percent: string): number | null {
  const [, number] = /^(\d{1,3}(?:[.,]\d{1,6})?) ?%?$/.exec(percent) ?? [];
  return number === undefined ? null : Number((Number(number.replace(',', '.')) / 100).toFixed(8));
}

/** The field of the form for a place in a file. */
function fieldAt(kind: 'metric' | 'impact', path: readonly PropertyKey[]): WrittenField {
  const last = String(path.at(-1) ?? '');
  return writtenFields.find((name) => name.toLowerCase() === `${kind}${last}`) ?? `${kind}Name`;
}

function projectFault(project: string, projects: readonly string[]): string | null {
  if (projects.includes(project)) return null;
  return projects.length === 0
    ? 'No file names a project of Google Cloud whose metrics are read here.'
    : `Metrics are read here of ${projects.join(', ')}, which files declare.`;
}

/** Why impact metrics cannot guard a subject; null where they can. */
export function noImpact(subject: RolloutSubject): string | null {
  if (subject.kind === 'revision') return 'A revision has no impact metrics: they are told apart by flags.';
  return impactFault(subject.flag)?.message ?? null;
}
