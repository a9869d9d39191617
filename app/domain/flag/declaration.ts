import { z } from 'zod';
import { approvalRule, approvalSchema, ruleDoubts } from '../approval/rule.ts';
import { planProblems, rolloutPlan, rolloutSchema } from '../rollout/declaration.ts';
import { impactFault } from '../rollout/impact.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { defaultStrategies, defaultStrategiesSchema } from './default-strategies.ts';
import type { FlagDeclaration, SafeState } from './flag.ts';

const types = ['release', 'experiment', 'operational', 'kill-switch', 'permission'] as const;

const schema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('Flag'),
  metadata: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9_.~-]{1,100}$/, 'A flag name has 1 to 100 letters, digits, and . _ ~ - only.'),
    displayName: z.string().max(200).optional(),
  }),
  spec: z.strictObject({
    type: z.enum(types),
    description: z.string().max(4000).optional(),
    owners: z.array(z.string().min(1)),
    service: z.string(),
    slos: z.array(z.string()).optional(),
    safe: z.unknown().optional(),
    environments: z.array(
      z.strictObject({
        name: z.string().min(1),
        protected: z.boolean().optional(),
        approvals: approvalSchema.optional(),
        strategies: defaultStrategiesSchema.optional(),
      }),
    ),
    strategies: defaultStrategiesSchema.optional(),
    expires: z.string().nullable().optional(),
    cohort: z
      .strictObject({ project: z.string().min(1), filter: z.string().min(1) })
      .nullable()
      .optional(),
    rollout: rolloutSchema.optional(),
  }),
});

/** A Flag document as a declaration; null when it has errors, which are reported. */
export function readFlag(source: SourceDocument, report: Reporter): FlagDeclaration | null {
  const document = validate(schema, source, report);
  if (!document) return null;
  const { metadata, spec } = document;
  const safe = safeState(spec.safe);
  if (safe === null)
    report.error(
      ['spec', 'safe'],
      spec.safe === undefined
        ? '"safe" is missing: what a kill brings the flag to.'
        : '"safe" is off, on or { variant: name }.',
      spec.safe === undefined ? 'Write safe: off; a fallback flag is safe when on.' : null,
    );
  if (spec.owners.length === 0)
    report.error(['spec', 'owners'], 'A flag needs an owner: a team or a person by mail address.');
  if (spec.environments.length === 0)
    report.error(['spec', 'environments'], 'A flag exists in at least one environment.');
  for (const [index, { name }] of spec.environments.entries())
    if (spec.environments.findIndex((other) => other.name === name) !== index)
      report.error(['spec', 'environments', index, 'name'], `Environment "${name}" stands here twice.`);
  for (const [index, environment] of spec.environments.entries())
    if (environment.protected === undefined)
      report.warning(
        ['spec', 'environments', index],
        `"protected" is left out: ${environment.name} counts as protected.`,
        'Write protected: true, or protected: false where one press is to be enough.',
      );
  for (const [index, { name, protected: gated, approvals }] of spec.environments.entries()) {
    if (!approvals) continue;
    const path = ['spec', 'environments', index, 'approvals'];
    for (const doubt of ruleDoubts(approvalRule(approvals))) report.warning(path, doubt.message, doubt.hint);
    if (gated === false)
      report.warning(
        path,
        `Nobody is asked in ${name}: it is not protected.`,
        'Write protected: true, or take approvals out.',
      );
  }
  const expires = spec.expires ?? null;
  if (expires !== null && !isDate(expires))
    report.error(['spec', 'expires'], `"${expires}" is not a date.`, 'Write 2027-03-31.');
  else if (expires === null && (spec.type === 'release' || spec.type === 'experiment'))
    report.warning(
      ['spec', 'expires'],
      `A ${spec.type} flag without an expiry date tends to stay for good.`,
      'Add expires: with the day by which it is removed.',
    );
  if (spec.cohort && !/\bmetric\.type\s*=\s*"[^"]+"/.test(spec.cohort.filter))
    report.error(
      ['spec', 'cohort', 'filter'],
      'The cohort filter names no metric type.',
      'Begin with metric.type="…".',
    );
  const rollout = spec.rollout && rolloutPlan(spec.rollout);
  for (const { path, message, hint } of rollout ? planProblems(rollout) : [])
    report.error(['spec', 'rollout', ...path], message, hint);
  const guards = rollout?.stages.flatMap((stage) => stage.guards) ?? [];
  const unsent = guards.some(({ source }) => source.kind === 'impact') ? impactFault(metadata.name) : null;
  if (unsent) report.error(['spec', 'rollout', 'guards'], unsent.message, unsent.hint);
  if (!spec.cohort && guards.some(({ judge, source }) => judge === 'cohort' && source.kind === 'slo'))
    report.error(
      ['spec', 'rollout', 'guards'],
      'A guard judges the cohort, and this flag declares none.',
      'Add spec.cohort, or judge: service.',
    );
  if (report.failed || safe === null) return null;
  return {
    name: metadata.name,
    title: metadata.displayName ?? metadata.name,
    description: spec.description?.trim() ?? '',
    type: spec.type,
    owners: spec.owners,
    service: spec.service,
    slos: spec.slos ?? [],
    safe,
    environments: spec.environments.map(({ strategies = spec.strategies, ...environment }) => ({
      name: environment.name,
      protected: environment.protected ?? true,
      ...(environment.approvals ? { approvals: approvalRule(environment.approvals) } : {}),
      ...(strategies ? { strategies: defaultStrategies(strategies, metadata.name) } : {}),
    })),
    expires,
    cohort: spec.cohort ?? null,
    ...(rollout ? { rollout } : {}),
  };
}

/** `off`, `on` or `{variant: name}`; YAML 1.1 writers may hand us the booleans. */
function safeState(value: unknown): SafeState | null {
  if (value === 'off' || value === false) return { state: 'off' };
  if (value === 'on' || value === true) return { state: 'on' };
  const variant = z.strictObject({ variant: z.string().min(1) }).safeParse(value);
  return variant.success ? { state: 'variant', variant: variant.data.variant } : null;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
