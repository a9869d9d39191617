import { z } from 'zod';
import type { Place, Problem } from '../runbook/runbook.ts';
import { type Path, readYaml, type SourceDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, reporter, validate } from '../yaml/validate.ts';
import { type Fault, faultNames, faultSchemas, harms } from './faults.ts';
import type { Act, Expectation, Rehearsal, RehearsalCase, StepExpectation } from './rehearsal.ts';
import { usualActor } from './rehearsal.ts';
import { acts, rehearsalSchema, stepExpectationSchema, type Verb, verbs } from './schema.ts';

type Document = z.output<typeof rehearsalSchema>;

const minute = 60_000;
/** How long a harmful world burns before somebody opens a run, and how long one without harm stands. */
const usualAfter = { harmful: 12 * minute, harmless: 2 * minute };

/** Reads a rehearsal file. Null with problems where it is not valid; never throws. */
export function readRehearsal(
  text: string,
  file: string,
  digest: string,
): { rehearsal: Rehearsal | null; problems: Problem[] } {
  const { documents, problems } = readYaml(text, file);
  const [source, second] = documents;
  const wrong = (place: Place, message: string, hint: string) =>
    problems.push({ file, ...place, severity: 'error', message, hint });
  if (!source) {
    if (problems.length === 0) wrong({ line: 1, column: 1 }, 'The file is empty.', 'Write a case in it, or delete it.');
    return { rehearsal: null, problems };
  }
  if (second) wrong(second.place([]), 'A rehearsal file holds one document.', 'Put all cases under one "cases".');
  const report = reporter(source);
  const document = validate(rehearsalSchema, source, report);
  const cases = document?.cases.map((one, index) => readCase(one, ['cases', index], source, report)) ?? [];
  if (document) repeatedNames(document, report);
  problems.push(...report.problems);
  if (!document || report.failed || second) return { rehearsal: null, problems };
  const rehearsal: Rehearsal = {
    runbook: document.runbook,
    file,
    digest,
    people: document.people ?? {},
    cases,
    places: placesOf(document, source),
  };
  return { rehearsal, problems };
}

function readCase(
  given: Document['cases'][number],
  path: Path,
  source: SourceDocument,
  report: Reporter,
): RehearsalCase {
  const inside = (...more: Path) => [...path, ...more];
  const faults = read(given.given ?? [], (one, index) => readFault(one, inside('given', index), source, report));
  const { expect } = given;
  const steps: Record<string, StepExpectation> = {};
  for (const [id, value] of Object.entries(expect.steps ?? {})) {
    const step = readStepExpectation(value, inside('expect', 'steps', id), source, report);
    if (step) steps[id] = step;
  }
  const wanted: Expectation = {
    run: expect.run ?? null,
    steps,
    flags: expect.flags ?? {},
    traffic: expect.traffic ?? {},
    followUps: expect.follow_ups ?? null,
    incident: expect.incident ?? null,
  };
  if (Object.keys(expect).length === 0)
    report.error(inside('expect'), 'This case expects nothing, so it cannot fail.', 'Write steps: with their states.');
  return {
    name: given.name,
    given: faults,
    inputs: given.inputs ?? {},
    open: {
      by: given.open?.by ?? usualActor,
      after: given.open?.after ?? (faults.some(harms) ? usualAfter.harmful : usualAfter.harmless),
      incident: given.open?.incident ?? false,
    },
    act: read(given.act ?? [], (one, index) => readAct(one, inside('act', index), source, report)),
    expect: wanted,
  };
}

function read<T>(values: readonly unknown[], one: (value: unknown, index: number) => T | null): T[] {
  return values.flatMap((value, index) => one(value, index) ?? []);
}

function readFault(value: unknown, path: Path, source: SourceDocument, report: Reporter): Fault | null {
  const named = validateAt(z.looseObject({ fault: z.enum(faultNames) }), value, path, source, report);
  if (!named) return null;
  const schema: z.ZodType<Fault> = faultSchemas[named.fault];
  return validateAt(schema, value, path, source, report);
}

function readAct(value: unknown, path: Path, source: SourceDocument, report: Reporter): Act | null {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const found = keys.filter((key): key is Verb => verbs.includes(key as Verb));
  const [verb] = found;
  if (!verb || found.length > 1) {
    const message = verb ? `An act does one thing, not ${found.join(' and ')}.` : 'This is no act.';
    const hint = verb ? 'Write two acts.' : didYouMean(keys[0] ?? '', verbs);
    report.error(keys[0] ? [...path, keys[0]] : path, message, hint, 'key');
    return null;
  }
  if (verb === 'fault') {
    const fault = readFault(value, path, source, report);
    return fault && { do: 'fault', fault };
  }
  const { schema, read: make } = acts[verb];
  return validateAt(schema, value, path, source, report) && make(value);
}

function readStepExpectation(
  value: unknown,
  path: Path,
  source: SourceDocument,
  report: Reporter,
): StepExpectation | null {
  const whole = typeof value === 'string' ? { state: value } : value;
  const step = validateAt(stepExpectationSchema, whole, path, source, report, typeof value === 'string');
  if (!step) return null;
  return {
    state: step.state,
    result: step.result ?? null,
    kind: step.kind ?? null,
    reason: step.reason ?? null,
    outputs: step.outputs ?? {},
  };
}

/** Validates a part of the document where it stands. `short`: the value is written in place of the whole mapping. */
function validateAt<T extends z.ZodType>(
  schema: T,
  value: unknown,
  path: Path,
  source: SourceDocument,
  report: Reporter,
  short = false,
): z.output<T> | null {
  const place: SourceDocument['place'] = (inner, part) => source.place(short ? path : [...path, ...inner], part);
  const part = reporter({ ...source, value, place });
  const result = validate(schema, { ...source, value, place }, part);
  for (const { severity, message, hint, line, column } of part.problems)
    report.problems.push({ file: source.file, line, column, severity, message, hint });
  return result;
}

function repeatedNames({ cases }: Document, report: Reporter): void {
  for (const [index, { name }] of cases.entries())
    if (cases.findIndex((other) => other.name === name) !== index)
      report.error(['cases', index, 'name'], `Two cases are called "${name}".`, 'Say what is different in this one.');
}

/** Places of everything that a failing case or a later check points at. */
function placesOf({ cases, people }: Document, source: SourceDocument): Record<string, Place> {
  const paths: Path[] = [['runbook'], ...Object.keys(people ?? {}).map((who) => ['people', who])];
  for (const [index, one] of cases.entries()) {
    const at = ['cases', index];
    paths.push(at, [...at, 'expect'], [...at, 'open']);
    for (const list of ['given', 'act'] as const)
      for (const number of (one[list] ?? []).keys()) paths.push([...at, list, number]);
    for (const input of Object.keys(one.inputs ?? {})) paths.push([...at, 'inputs', input]);
    for (const [part, value] of Object.entries(one.expect)) {
      paths.push([...at, 'expect', part]);
      if (typeof value !== 'object' || Array.isArray(value)) continue;
      for (const key of Object.keys(value)) paths.push([...at, 'expect', part, key]);
    }
  }
  return Object.fromEntries(paths.map((path) => [path.join('.'), source.place(path)]));
}

/** True for the path of a rehearsal file; the runbook is the file beside it. */
export function isRehearsal(path: string): boolean {
  return /\.rehearsal\.ya?ml$/.test(path);
}
