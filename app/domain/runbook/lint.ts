import type { Endpoint } from '../endpoint/endpoint.ts';
import type { FlagDeclaration } from '../flag/flag.ts';
import type { Service } from '../service/service.ts';
import type { Slo } from '../slo/slo.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { actionFacts } from './actions.ts';
import { boundedProblems } from './bounded-problems.ts';
import { formatDuration, parseDuration } from './durations.ts';
import { type Expression, lookups, parseExpression, parseTemplate } from './expression-syntax.ts';
import { withoutBraces } from './expressions.ts';
import { freshness } from './freshness.ts';
import { approvalDoubts } from './lint-approvals.ts';
import { wrongEndpoint } from './lint-endpoint.ts';
import type { Place, Problem, Runbook, StepDefinition } from './runbook.ts';

/** What a runbook is checked against: the rest of the catalog. */
export interface LintCatalog {
  flags: readonly Pick<FlagDeclaration, 'name' | 'environments'>[];
  slos: readonly Pick<Slo, 'id' | 'settle'>[];
  services: readonly Pick<Service, 'id' | 'cloudRun'>[];
  endpoints?: readonly Pick<Endpoint, 'name' | 'use'>[];
  /** Slugs of all runbooks. */
  slugs: readonly string[];
}

const empty: LintCatalog = { flags: [], slos: [], services: [], slugs: [] };

/** Default rules of inputs, resolved when a run opens. */
const flagRules = ['most-recently-changed'] as const;
const revisionRules = ['previous-healthy', 'LATEST'] as const;

/** Minutes that `within` must leave beside window and settle: the effect itself and a few late points. */
const slackMs = 3 * 60_000;
const defaultSettleMs = 240_000;

/**
 * Checks a parsed runbook against the catalog; without one (null) no name is looked up. `today` is an ISO date. Together
 * with the problems of parsing this is what `npm run check` shows; a page shows them too.
 */
export function lintRunbook(runbook: Runbook, given: LintCatalog | null, today: string): Problem[] {
  const catalog = given ?? empty;
  const found: Problem[] = [];
  const report: Report = (severity, place, message, hint = null) =>
    found.push({ file: runbook.file, line: place.line, column: place.column, severity, message, hint });
  const names = {
    flag: catalog.flags.map((flag) => flag.name),
    slo: catalog.slos.map((slo) => slo.id),
    service: catalog.services.map((service) => service.id),
  };
  // Guessing is slow, and a page of a thousand dead links needs no thousand guesses.
  let guesses = 20;
  const guess = (name: string, candidates: readonly string[]) => (guesses-- > 0 ? didYouMean(name, candidates) : null);
  const known = (kind: keyof typeof names, name: string | undefined | null, place: Place) => {
    if (given === null || typeof name !== 'string' || name.includes('${{') || names[kind].includes(name)) return;
    report('error', place, `There is no ${labels[kind]} "${name}".`, guess(name, names[kind]));
  };
  lintHead(runbook, report, known);
  for (const step of runbook.steps) lintStep(step, runbook, catalog, report, known);
  for (const block of runbook.blocks) {
    if (block.kind !== 'panel') continue;
    const { options, places } = block.panel;
    for (const kind of ['flag', 'slo', 'service'] as const) known(kind, options[kind], places?.[kind] ?? block.panel);
  }
  for (const link of runbook.links ?? []) {
    const gone = given !== null && link.slug !== null && !catalog.slugs.includes(link.slug);
    if (gone || (!link.resolved && (link.slug !== null || link.href.startsWith('#')))) {
      const hint = link.slug === null ? null : guess(link.slug, catalog.slugs);
      report('error', link, `The link ${link.href} leads nowhere.`, hint);
    }
  }
  for (const { place, message, hint } of approvalDoubts(runbook)) report('warning', place, message, hint);
  lintReview(runbook, today, report);
  return boundedProblems(found.sort((a, b) => a.line - b.line || a.column - b.column));
}

const labels = { flag: 'flag', slo: 'SLO', service: 'service' } as const;
type Report = (severity: Problem['severity'], place: Place, message: string, hint?: string | null) => void;
type Known = (kind: keyof typeof labels, name: string | undefined | null, place: Place) => void;
const top: Place = { line: 1, column: 1 };

function lintHead(runbook: Runbook, report: Report, known: Known): void {
  known('service', runbook.service, runbook.places?.service ?? top);
  for (const [index, slo] of runbook.slos.entries()) known('slo', slo, runbook.places?.[`slos.${index}`] ?? top);
  const used = new Set(runbook.steps.flatMap(inputsOf));
  for (const input of runbook.inputs) {
    const place = runbook.places?.[`inputs.${input.name}`] ?? top;
    if (!used.has(input.name)) {
      report('warning', place, `The input "${input.name}" is never used.`, 'Use it in a step, or remove it.');
    }
    const value = input.default;
    if (value === null) continue;
    if (input.type === 'flag' && !flagRules.includes(value as never)) known('flag', value, place);
    if (input.type === 'slo') known('slo', value, place);
    if (input.type === 'revision' && !isRevision(value, runbook.service)) {
      const hint = `Name a revision, or one of: ${revisionRules.join(', ')}.`;
      report('error', place, `There is no revision rule "${value}".`, hint);
    }
    if (input.type === 'number' && !Number.isFinite(Number(value)))
      report('error', place, `"${value}" is not a number.`);
    if (input.type === 'boolean' && !/^(?:true|false)$/.test(value))
      report('error', place, `"${value}" is not true or false.`);
  }
}

/** A rule, or a name as Cloud Run makes them: `voiceover-00041-kib`. */
function isRevision(value: string, service: string | null): boolean {
  return (
    revisionRules.includes(value as never) ||
    (/^[a-z][a-z0-9-]*-\d{5}-[a-z0-9]{3}$/.test(value) && value.startsWith(service ?? ''))
  );
}

function lintStep(step: StepDefinition, runbook: Runbook, catalog: LintCatalog, report: Report, known: Known): void {
  const at = (path: string): Place => step.places?.[path] ?? step;
  const facts = actionFacts(step.uses);
  for (const kind of ['flag', 'slo', 'service'] as const) known(kind, text(step.with[kind]), at(`with.${kind}`));
  known('slo', step.require?.slo, at('require.slo'));
  known('slo', step.verify?.slo, at('verify.slo'));
  if (facts?.change && step.verify === null) {
    report(
      'error',
      at('uses'),
      `The step "${step.id}" changes something and never verifies it.`,
      'Add verify: with an SLO, a burn and a time.',
    );
  }
  const backToLatest = step.uses === 'cloudrun.traffic' && text(step.with.to)?.toUpperCase() === 'LATEST';
  if (facts?.leaves && step.expires === null && !backToLatest) {
    report(
      'error',
      at('uses'),
      `The step "${step.id}" leaves something behind without a due date.`,
      'Add expires: 7d, so that a follow-up is opened.',
    );
  }
  // What is an expression can be judged only when it is filled in.
  const wrong = Object.values(step.with).some(isExpression) ? null : facts?.contradiction?.(step.with);
  if (wrong) report('error', at(wrong.field === null ? 'with' : `with.${wrong.field}`), wrong.message, wrong.hint);
  const endpoint = catalog.endpoints && wrongEndpoint(step, catalog.endpoints);
  if (endpoint) report('error', at(`with.${endpoint.field}`), endpoint.message, endpoint.hint);
  lintEnvironment(step, catalog, report, at);
  if (step.uses === 'cloudrun.traffic') lintTraffic(step, runbook, catalog, report, at);
  if (step.verify) {
    const window = parseDuration(step.verify.window) ?? 0;
    const settle = catalog.slos.find((slo) => slo.id === step.verify?.slo)?.settle ?? defaultSettleMs;
    const least = window + settle + slackMs;
    if (step.verify.within < least) {
      const sum = `${step.verify.window} window + ${formatDuration(settle)} settle + ${formatDuration(slackMs)}`;
      report(
        'error',
        at('verify.within'),
        `within is too short: at least ${formatDuration(least)} (${sum}).`,
        `Write within: ${formatDuration(least)} or more.`,
      );
    }
  }
}

function lintEnvironment(
  step: StepDefinition,
  catalog: LintCatalog,
  report: Report,
  at: (path: string) => Place,
): void {
  const environment = text(step.with.environment);
  const flag = catalog.flags.find((one) => one.name === step.with.flag);
  if (!flag || !environment || environment.includes('${{')) return;
  const all = flag.environments.map((one) => one.name);
  if (all.includes(environment)) return;
  report(
    'error',
    at('with.environment'),
    `The flag "${flag.name}" has no environment "${environment}".`,
    didYouMean(environment, all),
  );
}

function lintTraffic(
  step: StepDefinition,
  runbook: Runbook,
  catalog: LintCatalog,
  report: Report,
  at: (path: string) => Place,
): void {
  const id = text(step.with.service) ?? runbook.service;
  const service = catalog.services.find((one) => one.id === id);
  if (id === null) {
    report(
      'error',
      at('with'),
      `The step "${step.id}" names no service and the runbook has none.`,
      'Add with.service.',
    );
  } else if (service && !service.cloudRun) {
    report('error', at('with.service'), `"${id}" does not run on Cloud Run.`);
  }
  const to = text(step.with.to);
  if (to && !to.includes('${{') && !isRevision(to, null)) {
    report(
      'error',
      at('with.to'),
      `There is no revision rule "${to}".`,
      `Name a revision, or one of: ${revisionRules.join(', ')}.`,
    );
  }
  const hold = text(step.with.hold);
  if (hold && step.with.first === undefined) {
    report(
      'warning',
      at('with.hold'),
      'hold without first holds nothing.',
      'Add first: 5, the share of the first move.',
    );
  }
}

function lintReview(runbook: Runbook, today: string, report: Report): void {
  const { state, days } = freshness(runbook, today);
  if (state === 'overdue') {
    report(
      'warning',
      runbook.places?.lastReviewedOn ?? top,
      `The review is overdue by ${days === 1 ? '1 day' : `${days} days`}.`,
      'Read it through, then change last_reviewed_on.',
    );
  }
}

/** Names of the inputs that a step looks up. */
function inputsOf(step: StepDefinition): string[] {
  const expressions: Expression[] = [];
  if (step.when !== null) {
    const parsed = parseExpression(withoutBraces(step.when));
    if (parsed.ok) expressions.push(parsed.value);
  }
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const parsed = parseTemplate(value);
      if (parsed.ok) expressions.push(...parsed.value.filter((part) => typeof part !== 'string'));
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(step.with);
  return expressions.flatMap(lookups).flatMap(({ path }) => (path[0] === 'inputs' ? [path[1]!] : []));
}

function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${{');
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
