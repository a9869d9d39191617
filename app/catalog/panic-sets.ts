import type { FlagDeclaration } from '../domain/flag/flag.ts';
import type { Declared } from '../domain/openslo/alerts.ts';
import { type PanicSet, type PanicTarget, readPanicSet } from '../domain/panic/panic-set.ts';
import type { Problem } from '../domain/runbook/runbook.ts';
import type { Service } from '../domain/service/service.ts';
import type { SourceDocument } from '../domain/yaml/document.ts';
import { didYouMean } from '../domain/yaml/nearest.ts';
import { type Reporter, reporter } from '../domain/yaml/validate.ts';

/** True for a document that says it is a panic set. */
export function isPanicSet({ value }: SourceDocument): boolean {
  return (value as { kind?: unknown } | null)?.kind === 'PanicSet';
}

/** The panic sets among the documents of `flags/`, with the members that exist; what is wrong is added to `problems`. */
export function readPanicSets(
  documents: readonly SourceDocument[],
  known: { flags: readonly FlagDeclaration[]; services: readonly Service[] },
  problems: Problem[],
): Declared<PanicSet>[] {
  const sets = new Map<string, Declared<PanicSet>>();
  for (const source of documents.filter(isPanicSet)) {
    const report = reporter(source);
    const value = readPanicSet(source, report);
    const first = value && sets.get(value.name)?.source;
    if (first)
      report.error(
        ['metadata', 'name'],
        `Set "${value.name}" is declared twice.`,
        `The other stands in ${first.file}.`,
      );
    else if (value) sets.set(value.name, { value: withKnown(value, known, report), source });
    problems.push(...report.problems);
  }
  return [...sets.values()];
}

/** The set with the members that can be made safe; each other one is reported. */
function withKnown(
  set: PanicSet,
  { flags, services }: { flags: readonly FlagDeclaration[]; services: readonly Service[] },
  report: Reporter,
): PanicSet {
  const problemOf = ({ kind, name }: PanicTarget): [string, string | null] | null => {
    if (kind === 'flag') {
      const names = flags.map((flag) => flag.name);
      const flag = flags.find((one) => one.name === name);
      if (!flag) return [`There is no flag "${name}".`, didYouMean(name, names)];
      const environments = flag.environments.map((one) => one.name);
      if (environments.includes(set.environment)) return null;
      return [`${name} does not exist in ${set.environment}.`, `Its file declares ${environments.join(', ')}.`];
    }
    const ids = services.filter(({ cloudRun }) => cloudRun).map(({ id }) => id);
    return ids.includes(name) ? null : [`There is no Cloud Run service "${name}".`, didYouMean(name, ids)];
  };
  const members = set.members.filter((member, index) => {
    const wrong = problemOf(member);
    if (wrong) report.error(['spec', 'members', index, member.kind === 'flag' ? 'flag' : 'service'], ...wrong);
    return wrong === null;
  });
  return { ...set, members };
}
