import type { FlagDeclaration } from '../flag/flag.ts';
import type { Place, Problem, Runbook } from '../runbook/runbook.ts';
import type { Service } from '../service/service.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Fault, faultNames } from './faults.ts';
import { type Act, type Rehearsal, type RehearsalCase, usualPeople } from './rehearsal.ts';

/** What a rehearsal is checked against. */
export interface RehearsalCatalog {
  runbooks: readonly Pick<Runbook, 'slug' | 'service' | 'inputs' | 'steps'>[];
  flags: readonly Pick<FlagDeclaration, 'name' | 'service' | 'environments'>[];
  services: readonly Pick<Service, 'id' | 'cloudRun' | 'kind' | 'dependsOn'>[];
}

type Report = (path: string, message: string, hint?: string | null) => void;

/** Checks the names in a rehearsal against its runbook and the catalog. */
export function lintRehearsal(rehearsal: Rehearsal, catalog: RehearsalCatalog): Problem[] {
  const found: Problem[] = [];
  const report: Report = (path, message, hint = null) => {
    const place = placeAt(rehearsal, path);
    found.push({ file: rehearsal.file, ...place, severity: 'error', message, hint });
  };
  const beside = `runbooks/${rehearsal.runbook}.rehearsal.yaml`;
  if (rehearsal.file.replace(/\.yml$/, '.yaml') !== beside)
    report('runbook', 'The file is not beside the runbook that it names.', `Name it ${beside}.`);
  const slugs = catalog.runbooks.map(({ slug }) => slug);
  const runbook = catalog.runbooks.find(({ slug }) => slug === rehearsal.runbook);
  if (!runbook) {
    report('runbook', `There is no runbook "${rehearsal.runbook}".`, didYouMean(rehearsal.runbook, slugs));
    return found;
  }
  const people = [...Object.keys(usualPeople), ...Object.keys(rehearsal.people)];
  for (const [index, one] of rehearsal.cases.entries())
    lintCase(one, `cases.${index}`, { runbook, catalog, people }, report);
  return found;
}

/** Where a part of a rehearsal stands, or the nearest part around it that has a place. */
export function placeAt({ places }: Pick<Rehearsal, 'places'>, path: string): Place {
  for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const place = places[part];
    if (place) return place;
  }
  return { line: 1, column: 1 };
}

interface Context {
  runbook: RehearsalCatalog['runbooks'][number];
  catalog: RehearsalCatalog;
  people: string[];
}

function lintCase(one: RehearsalCase, path: string, context: Context, report: Report): void {
  const { runbook, catalog, people } = context;
  const ids = runbook.steps.map(({ id }) => id);
  const known = (what: string, name: string, all: readonly string[], at: string) => {
    if (!all.includes(name)) report(at, `There is no ${what} "${name}".`, didYouMean(name, all));
  };
  for (const [index, fault] of one.given.entries()) lintFault(fault, `${path}.given.${index}`, context, report);
  const inputs = runbook.inputs.map(({ name }) => name);
  for (const name of Object.keys(one.inputs)) known('input of the runbook', name, inputs, `${path}.inputs.${name}`);
  known('person', one.open.by, people, `${path}.open`);
  for (const [index, act] of one.act.entries()) {
    const at = `${path}.act.${index}`;
    if ('step' in act) known('step of the runbook', act.step, ids, at);
    if ('by' in act) known('person', act.by, people, at);
    if (act.do === 'confirm') lintOutcome(act, at, runbook, report);
    if (act.do === 'fault') lintFault(act.fault, at, context, report);
    if (act.do === 'heal') for (const name of act.faults) known('fault', name, ['all', ...faultNames], at);
  }
  const { expect } = one;
  for (const id of Object.keys(expect.steps)) known('step of the runbook', id, ids, `${path}.expect.steps.${id}`);
  const flags = catalog.flags.map(({ name }) => name);
  const services = running(catalog);
  for (const name of Object.keys(expect.flags))
    known('flag', name.slice(name.indexOf('/') + 1), flags, `${path}.expect.flags.${name}`);
  for (const id of Object.keys(expect.traffic))
    known('service on Cloud Run', id, services, `${path}.expect.traffic.${id}`);
  const broken = one.act.flatMap((act) => (act.do === 'break-glass' ? [act.step] : []));
  for (const name of expect.followUps ?? [])
    known('flag or service', name, [...flags, ...services, ...broken], `${path}.expect.follow_ups`);
  if (expect.incident !== null && !one.open.incident)
    report(`${path}.expect.incident`, 'The run is opened on no incident.', 'Write open: { incident: true }.');
}

function lintOutcome(act: Act & { do: 'confirm' }, at: string, { steps }: Context['runbook'], report: Report): void {
  const step = steps.find(({ id }) => id === act.step);
  if (!step) return;
  if (step.uses !== 'manual') {
    if (act.outcome !== null) report(at, `The step "${act.step}" records no outcome: it is no manual one.`);
    return;
  }
  const outcomes = Array.isArray(step.with.outcomes) ? step.with.outcomes.map(String) : null;
  const hint = outcomes ? `One of: ${outcomes.join(', ')}.` : 'Write a sentence.';
  if (act.outcome === null) report(at, `The step "${act.step}" asks for an outcome.`, `Write outcome: ${hint}`);
  else if (outcomes && !outcomes.includes(act.outcome))
    report(at, `"${act.outcome}" is no outcome of the step "${act.step}".`, hint);
}

function lintFault(fault: Fault, at: string, { runbook, catalog }: Context, report: Report): void {
  const services = running(catalog);
  if ('flag' in fault) {
    const flag = catalog.flags.find(({ name }) => name === fault.flag);
    const names = catalog.flags.map(({ name }) => name);
    if (!flag) report(at, `There is no flag "${fault.flag}".`, didYouMean(fault.flag, names));
    else if (!services.includes(flag.service))
      report(at, `The flag "${fault.flag}" belongs to "${flag.service}", which does not run on Cloud Run.`);
  }
  if (serviceFaults.has(fault.fault)) {
    const service = ('service' in fault ? fault.service : undefined) ?? runbook.service;
    if (service === null) report(at, 'This fault names no service, and the runbook has none.', 'Add service:.');
    else if (!services.includes(service))
      report(at, `"${service}" is no service on Cloud Run.`, didYouMean(service, services));
  }
  if ('dependency' in fault) {
    const called = [...new Set(catalog.services.flatMap(({ dependsOn }) => dependsOn))];
    if (!called.includes(fault.dependency))
      report(at, `No service depends on "${fault.dependency}".`, didYouMean(fault.dependency, called));
  }
  if ('queue' in fault) {
    const queues = catalog.services.filter(({ kind }) => kind === 'queue').map(({ id }) => id);
    if (!queues.includes(fault.queue))
      report(at, `There is no queue "${fault.queue}".`, didYouMean(fault.queue, queues));
  }
}

const serviceFaults = new Set<string>(['bad-revision', 'deployed', 'failing', 'traffic-vanished', 'deploy-stuck']);

function running({ services }: RehearsalCatalog): string[] {
  return services.filter(({ cloudRun }) => cloudRun !== null).map(({ id }) => id);
}
