import { z } from 'zod';
import { approvalRule } from '../approval/rule.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, reporter, validate } from '../yaml/validate.ts';
import { type ActionName, actions } from './actions.ts';
import { type Fence, readFence } from './fence-source.ts';
import type { Place, Problem, StepDefinition } from './runbook.ts';
import { stepSchema } from './schema.ts';

/** A step as read, with what later checks need to point at its parts. */
export interface ReadStep {
  step: StepDefinition;
  source: SourceDocument;
  report: Reporter;
}

/** Reads a `runbook-step` fence; null with problems when it is not a valid step. Expressions are checked later. */
export function readStep(fence: Fence, file: string): { read: ReadStep | null; problems: Problem[] } {
  const { source, problems } = readFence(fence, file);
  if (!source) return { read: null, problems };
  const report = reporter(source);
  const value = { with: {}, ...(source.value as Record<string, unknown>) };
  const data = validate(schemaFor(value), { ...source, value }, report) as z.output<typeof stepSchema> | null;
  if (!data) return { read: null, problems: [...problems, ...report.problems] };
  const step: StepDefinition = {
    line: fence.line,
    column: fence.column,
    id: data.id,
    title: data.title ?? titleOf(data.id),
    uses: data.uses,
    with: data.with ?? {},
    when: data.when ?? null,
    require: data.require
      ? { slo: data.require.slo, burnOver: data.require.burn_over, window: data.require.window }
      : null,
    verify: data.verify
      ? {
          slo: data.verify.slo,
          burnUnder: data.verify.burn_under,
          window: data.verify.window,
          within: data.verify.within,
        }
      : null,
    expires: data.expires ?? null,
    ...(data.approvals ? { approvals: approvalRule(data.approvals) } : {}),
    places: placesOf(source),
  };
  return { read: { step, source, report }, problems };
}

const schemas = new Map<string, z.ZodType>();

/** The step's schema with that of its action for `with`; what is an expression there can be judged only when it is filled in. */
function schemaFor(value: Record<string, unknown>): z.ZodType {
  const uses = typeof value.uses === 'string' && Object.hasOwn(actions, value.uses) ? (value.uses as ActionName) : null;
  if (!uses) return stepSchema;
  const given = typeof value.with === 'object' && value.with !== null ? value.with : {};
  const shape: Record<string, unknown> = actions[uses].schema.shape;
  const filled = Object.entries(given)
    .filter(([key, item]) => Object.hasOwn(shape, key) && typeof item === 'string' && item.includes('${{'))
    .map(([key]) => key);
  const key = [uses, ...filled.toSorted()].join(' ');
  let schema = schemas.get(key);
  if (!schema) {
    const loose = Object.fromEntries(filled.map((name) => [name, z.unknown()]));
    schema = stepSchema.extend({ with: actions[uses].schema.extend(loose) });
    schemas.set(key, schema);
  }
  return schema;
}

function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Places of every key, two levels deep. */
function placesOf(source: SourceDocument): Record<string, Place> {
  const places: Record<string, Place> = {};
  for (const [key, value] of Object.entries(source.value as Record<string, unknown>)) {
    places[key] = source.place([key]);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    for (const inner of Object.keys(value)) places[`${key}.${inner}`] = source.place([key, inner]);
  }
  return places;
}
