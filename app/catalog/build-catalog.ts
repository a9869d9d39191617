import type { Catalog } from '../domain/catalog.ts';
import { readFlag } from '../domain/flag/declaration.ts';
import type { FlagDeclaration } from '../domain/flag/flag.ts';
import { flagWritten } from '../domain/flag/written.ts';
import { type Declared, readAlerts } from '../domain/openslo/alerts.ts';
import { isRehearsal } from '../domain/rehearsal/read-rehearsal.ts';
import { lintRunbook } from '../domain/runbook/lint.ts';
import { slugOf } from '../domain/runbook/parse.ts';
import type { Problem } from '../domain/runbook/runbook.ts';
import type { BurnProfile } from '../domain/slo/slo.ts';
import { readYaml, type SourceDocument } from '../domain/yaml/document.ts';
import { reporter } from '../domain/yaml/validate.ts';
import type { Content } from './content-files.server.ts';
import { readDashboards } from './dashboards.ts';
import { isPanicSet, readPanicSets } from './panic-sets.ts';
import { parsedRunbooks } from './parsed-runbooks.ts';
import { readRehearsals } from './read-rehearsals.ts';
import { checkFlag, checkService, checkSlo, checkSource, type Names } from './references.ts';
import { profileOf } from './slo-checks.ts';

/**
 * Turns the text of all content files into a catalog with its problems. Never throws for what a file says. `today` is an
 * ISO date: reviews that are due by then are overdue.
 */
export function buildCatalog(content: Content, today: string): Catalog {
  return assemble(content, today).catalog;
}

/** A catalog with the file that each thing in it stands in, by names such as `slo/voiceover-availability`. */
export interface Assembled {
  catalog: Catalog;
  standsIn: ReadonlyMap<string, string>;
}

/** The catalog of these files, as `buildCatalog` gives it, and where each part of it comes from. */
export function assemble(content: Pick<Content, 'files' | 'problems' | 'digest'>, today: string): Assembled {
  const problems: Problem[] = [...content.problems];
  const filesIn = (folder: string) => content.files.filter((file) => file.folder === folder);
  const documents = (folder: string): SourceDocument[] =>
    filesIn(folder).flatMap((file) => {
      const read = readYaml(file.text, file.path);
      problems.push(...read.problems);
      if (file.text === '') problems.push(emptyFile(file.path));
      return read.documents;
    });

  const alerts = readAlerts(documents('alerts'));
  problems.push(...alerts.problems);
  const inFlags = documents('flags');
  const flags = readFlags(
    inFlags.filter((source) => !isPanicSet(source)),
    problems,
  );
  const pages = filesIn('runbooks').filter(({ path }) => !isRehearsal(path));
  const slugs = pages.map((file) => slugOf(file.path));
  const parsed = parsedRunbooks(pages, slugs);

  const names: Names = {
    services: alerts.services.map(({ value }) => value.id),
    slos: alerts.slos.map(({ value }) => value.id),
    flags: flags.map(({ value }) => value.name),
    runbooks: slugs,
  };
  const profiles = new Map(alerts.profiles.map(({ value }) => [value.name, value]));
  const resolved: Record<string, BurnProfile> = {};
  const services = checked(alerts.services, problems, (declared, report) => checkService(declared, names, report));
  const slos = checked(alerts.slos, problems, (declared, report) => {
    const slo = checkSlo(declared, names, report);
    const profile = profileOf(declared, profiles, report);
    if (slo) resolved[slo.id] = profile;
    return slo;
  });
  const sources = checked(alerts.sources, problems, (declared, report) => checkSource(declared, names, report));
  const kept = checked(flags, problems, (declared, report) => checkFlag(declared, names, report));
  const panicSets = readPanicSets(inFlags, { flags: kept, services }, problems);
  const dashboards = readDashboards(filesIn('dashboards'), names, problems);
  const endpoints = alerts.endpoints.map(({ value }) => value);
  const context = { flags: kept, slos, services, endpoints, slugs: names.runbooks };
  const empty = new Set(pages.filter(({ text }) => text === '').map(({ path }) => path));
  const emptyPage = ({ file }: { file: string }) => (empty.has(file) ? [emptyFile(file)] : []);
  const runbooks = parsed.map((runbook) => ({
    ...runbook,
    problems: [...runbook.problems, ...emptyPage(runbook), ...lintRunbook(runbook, context, today)].sort(byPlace),
  }));
  for (const runbook of runbooks) problems.push(...runbook.problems);
  const stories = filesIn('runbooks').filter(({ path }) => isRehearsal(path));
  const rehearsals = readRehearsals(stories, { runbooks, flags: kept, services }, problems);
  const catalog: Catalog = {
    digest: content.digest,
    organisation: alerts.organisation ?? 'Unnamed organisation',
    timeZone: alerts.timeZone ?? 'UTC',
    hosts: alerts.hosts,
    endpoints,
    services,
    slos,
    profiles: resolved,
    sources,
    flags: kept,
    panicSets: panicSets.map(({ value }) => value),
    runbooks,
    rehearsals,
    dashboards,
    problems: problems.sort(byPlace),
  };
  const dropped = new Set(names.slos.filter((id) => !slos.some((slo) => slo.id === id)));
  const places: [string, string][] = [
    ...alerts.services.map(({ value, source }) => [`service/${value.id}`, source.file] as [string, string]),
    ...alerts.profiles.map(({ value, source }) => [`profile/${value.name}`, source.file] as [string, string]),
    ...alerts.sources.map(({ value, source }) => [`source/${value.id}`, source.file] as [string, string]),
    ...alerts.endpoints.map(({ value, source }) => [`endpoint/${value.name}`, source.file] as [string, string]),
    ...alerts.slos
      .filter(({ value }) => !dropped.has(value.id))
      .map(({ value, source }) => [`slo/${value.id}`, source.file] as [string, string]),
    ...flags.map(({ value, source }) => [`flag/${value.name}`, source.file] as [string, string]),
    ...panicSets.map(({ value, source }) => [`panic/${value.name}`, source.file] as [string, string]),
    ...runbooks.map(({ slug, file }) => [`runbook/${slug}`, file] as [string, string]),
    ...runbooks.flatMap(({ slug, file, steps }) =>
      steps.map(({ id }) => [`runbook/${slug}/${id}`, file] as [string, string]),
    ),
    ...dashboards.map(({ slug }) => [`dashboard/${slug}`, `dashboards/${slug}.json`] as [string, string]),
  ];
  return { catalog, standsIn: new Map(places) };
}

/** What an editor leaves between emptying a file and writing it; nobody means it. */
function emptyFile(file: string): Problem {
  const hint = 'Declare something in it, or delete it.';
  return { file, line: 1, column: 1, severity: 'error', message: 'The file is empty.', hint };
}

function readFlags(documents: readonly SourceDocument[], problems: Problem[]): Declared<FlagDeclaration>[] {
  const flags = new Map<string, Declared<FlagDeclaration>>();
  for (const source of documents) {
    const report = reporter(source);
    const value = readFlag(source, report);
    const first = value && flags.get(value.name)?.source;
    if (first)
      report.error(
        ['metadata', 'name'],
        `Flag "${value.name}" is declared twice.`,
        `The other stands in ${first.file}.`,
      );
    else if (value) flags.set(value.name, { value: { ...value, written: flagWritten(source) }, source });
    problems.push(...report.problems);
  }
  return [...flags.values()];
}

function checked<T>(
  declared: readonly Declared<T>[],
  problems: Problem[],
  check: (declared: Declared<T>, report: ReturnType<typeof reporter>) => T | null,
): T[] {
  const kept: T[] = [];
  for (const one of declared) {
    const report = reporter(one.source);
    const value = check(one, report);
    if (value !== null) kept.push(value);
    problems.push(...report.problems);
  }
  return kept;
}

/** Orders problems as they stand in the files. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
