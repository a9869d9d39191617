import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { actionFacts } from './actions.ts';
import { neverHolds } from './comparisons.ts';
import { type Expression, type Lookup, lookups, parseExpression, parseTemplate } from './expression-syntax.ts';
import { incidentNames, serviceNames, withoutBraces } from './expressions.ts';
import type { Problem, RunbookInput, StepDefinition } from './runbook.ts';
import type { ReadStep } from './step.ts';

/** Checks what the expressions of all steps look up: inputs that are declared, earlier steps, their outputs. Also ids used twice. */
export function checkReferences(
  steps: readonly ReadStep[],
  inputs: readonly RunbookInput[],
  lines: readonly string[],
): Problem[] {
  const earlier = new Map<string, StepDefinition>();
  const known: Known = {
    inputs: inputs.map((input) => input.name),
    earlier,
    all: new Set(steps.map((other) => other.step.id)),
    guesses: mostGuesses,
  };
  for (const read of steps) {
    const { step } = read;
    if (earlier.has(step.id)) {
      read.report.error(['id'], `The id "${step.id}" is used twice.`, 'Give each step its own id.');
    }
    if (step.when !== null) checkText(read, ['when'], step.when, lines, known, true);
    walk(step.with, ['with'], (path, text) => checkText(read, path, text, lines, known, false));
    earlier.set(step.id, step);
  }
  return steps.flatMap((read) => read.report.problems);
}

interface Known {
  inputs: string[];
  earlier: ReadonlyMap<string, StepDefinition>;
  all: ReadonlySet<string>;
  /** Names that may still be guessed: guessing is slow, and a page of a thousand wrong steps needs no thousand guesses. */
  guesses: number;
}

const mostGuesses = 20;

function guess(name: string, candidates: readonly string[], known: Known): string | null {
  return known.guesses-- > 0 ? didYouMean(name, candidates) : null;
}

function walk(value: unknown, path: Path, visit: (path: Path, text: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('${{')) visit(path, value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      walk(item, [...path, Array.isArray(value) ? Number(key) : key], visit);
  }
}

function checkText(
  read: ReadStep,
  path: Path,
  text: string,
  lines: readonly string[],
  known: Known,
  bare: boolean,
): void {
  const report = (at: number, message: string, hint: string | null) => {
    const place = read.source.place(path);
    const line = lines[place.line - 1] ?? '';
    const quote = /["']/.test(line[place.column - 1] ?? '') ? 1 : 0;
    // Inside a text of one line the exact column is known; a text over several lines is pointed at as a whole.
    const written = line.startsWith(text, place.column - 1 + quote);
    const column = written ? place.column + quote + at : place.column;
    read.report.problems.push({ file: read.source.file, line: place.line, column, severity: 'error', message, hint });
  };
  const parsed = bare ? parseExpression(withoutBraces(text)) : parseTemplate(text);
  if (!parsed.ok) {
    report(parsed.at, parsed.message, 'Expressions are look-ups, ==, != and in [ … ].');
    return;
  }
  const expressions: Expression[] = Array.isArray(parsed.value)
    ? parsed.value.filter((part) => typeof part !== 'string')
    : [parsed.value];
  for (const lookup of expressions.flatMap(lookups)) {
    const wrong = wrongLookup(lookup, known);
    if (wrong) report(lookup.at, wrong.message, wrong.hint);
  }
  for (const { at, message, hint } of expressions.flatMap((one) => neverHolds(one, known.earlier)))
    report(at, message, known.guesses-- > 0 ? hint : null);
}

/** What is wrong with a look-up, null when nothing is. */
function wrongLookup({ path }: Lookup, known: Known): { message: string; hint: string | null } | null {
  const [root, name, ...rest] = path as [string, string, ...string[]];
  if (root === 'steps') return wrongStep(name, rest, known);
  const names = root === 'inputs' ? known.inputs : root === 'incident' ? incidentNames : serviceNames;
  const what = root === 'inputs' ? 'input' : `name of the ${root}`;
  if (!names.includes(name as never))
    return { message: `There is no ${what} "${name}".`, hint: guess(name, names, known) };
  return rest.length > 0 ? { message: `"${path.join('.')}" has nothing below ${name}.`, hint: null } : null;
}

function wrongStep(id: string, rest: string[], known: Known): { message: string; hint: string | null } | null {
  const step = known.earlier.get(id);
  if (!step) {
    const later = known.all.has(id);
    return later
      ? { message: `The step "${id}" comes later.`, hint: 'Look up only steps that stand above.' }
      : { message: `There is no step "${id}".`, hint: guess(id, [...known.earlier.keys()], known) };
  }
  if (rest.length === 1 && rest[0] === 'result') return null;
  const outputs = actionFacts(step.uses)?.outputs ?? [];
  if (rest[0] === 'outputs' && rest.length === 2) {
    if (outputs.includes(rest[1]!)) return null;
    return { message: `${step.uses} has no output "${rest[1]}".`, hint: guess(rest[1]!, outputs, known) };
  }
  return { message: `A step is looked up as steps.${id}.result or steps.${id}.outputs.<name>.`, hint: null };
}
