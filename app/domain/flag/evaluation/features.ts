import { z } from 'zod';
import { plural } from '../../plural.ts';
import type { Problem } from '../../runbook/runbook.ts';
import type { SourceDocument } from '../../yaml/document.ts';
import { readJson } from '../../yaml/json.ts';
import { nearest } from '../../yaml/nearest.ts';
import { reporter, validate } from '../../yaml/validate.ts';

const listOperators = /^(IN|NOT_IN|STR_STARTS_WITH|STR_ENDS_WITH|STR_CONTAINS|IN_CIDR)$/;
const listParameters = ['userIds', 'IPs', 'hostNames'];

/** A constraint as Unleash stores and serves it; other fields are ignored. */
export const constraintSchema = z
  .object({
    contextName: z.string(),
    operator: z.string(),
    values: z.array(z.string()).nullish(),
    value: z.union([z.string(), z.number()], { error: '"value" is text or a number.' }).nullish(),
    inverted: z.boolean().nullish(),
    caseInsensitive: z.boolean().nullish(),
  })
  .refine(({ operator, values }) => values || !listOperators.test(operator), {
    path: ['values'],
    error: '"values" is missing: this operator compares with a list.',
    params: { hint: 'Write "values": ["…"].' },
  });

const variant = z.object({
  name: z.string(),
  weight: z.number().min(0, 'A weight is not negative.'),
  stickiness: z.string().nullish(),
  payload: z.unknown().optional(),
  overrides: z.array(z.object({ contextName: z.string(), values: z.array(z.string()) })).nullish(),
});

const strategy = z.object({
  name: z.string(),
  title: z.string().nullish(),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'A parameter is text.' }))
    .superRefine((parameters, issues) => {
      for (const key of listParameters)
        if (parameters[key] && typeof parameters[key] !== 'string')
          issues.addIssue({
            code: 'custom',
            path: [key],
            message: `"${key}" is text.`,
            params: { hint: 'Write "one, two".' },
          });
    })
    .nullish(),
  constraints: z.array(constraintSchema).nullish(),
  segments: z.array(z.number()).nullish(),
  variants: z.array(variant).nullish(),
});

const feature = z.object({
  name: z.string(),
  enabled: z.boolean(),
  strategies: z.array(strategy).nullish(),
  variants: z.array(variant).nullish(),
  dependencies: z
    .array(z.object({ feature: z.string(), enabled: z.boolean().nullish(), variants: z.array(z.string()).nullish() }))
    .nullish(),
});

const segment = z.object({
  id: z.number(),
  name: z.string().nullish(),
  constraints: z.array(constraintSchema).nullish(),
});

// Flags that are not asked for may be of a kind that we do not know.
const schema = z.object({
  features: z.array(z.object({ name: z.string() })),
  segments: z.array(segment).nullish(),
});

export type ServedConstraint = z.output<typeof constraintSchema>;
export type ServedVariant = z.output<typeof variant>;
export type ServedStrategy = z.output<typeof strategy>;
export type ServedFeature = z.output<typeof feature>;
export type ServedSegment = z.output<typeof segment>;

/** What Unleash serves to SDKs (`GET /api/client/features`), as far as one flag needs it: the flag, its parents, all segments. */
export interface ServedFeatures {
  features: ReadonlyMap<string, ServedFeature>;
  segments: ReadonlyMap<number, ServedSegment>;
}

/** Reads a client-features document for one flag; null, with problems and their places, when that flag cannot be judged. */
export function readFeatures(
  text: string,
  file: string,
  flag: string,
): { served: ServedFeatures | null; problems: Problem[] } {
  const { document, problems } = readJson(text, file);
  if (!document) return { served: null, problems };
  const report = reporter(document);
  if (Array.isArray((document.value as { events?: unknown } | null)?.events)) {
    report.error(['events'], 'These are changes ("events"), not all features.', 'Fetch /api/client/features.', 'key');
    return { served: null, problems: report.problems };
  }
  const all = validate(schema, document, report);
  if (!all) return { served: null, problems: report.problems };
  const names = all.features.map(({ name }) => name);
  if (!names.includes(flag)) {
    report.error(['features'], `Flag ${JSON.stringify(flag)} is not in this file.`, nearMatches(flag, names), 'key');
    return { served: null, problems: report.problems };
  }
  const features = new Map<string, ServedFeature>();
  const add = (name: string): ServedFeature | null => {
    // As in SDKs: of two flags with one name the last counts.
    const index = names.lastIndexOf(name);
    const found = index < 0 ? null : validate(feature, part(document, index), reporterAt(report, index));
    if (found) features.set(name, found);
    return found;
  };
  for (const { feature: parent } of add(flag)?.dependencies ?? []) if (!features.has(parent)) add(parent);
  if (report.failed) return { served: null, problems: report.problems };
  const segments = new Map((all.segments ?? []).map((each) => [each.id, each]));
  return { served: { features, segments }, problems: [] };
}

function part(document: SourceDocument, index: number): SourceDocument {
  const { features } = document.value as { features: unknown[] };
  return { ...document, value: features[index] };
}

function reporterAt(report: ReturnType<typeof reporter>, index: number): ReturnType<typeof reporter> {
  return {
    ...report,
    error: (path, message, hint, key) => report.error(['features', index, ...path], message, hint, key),
  };
}

/** Up to three names that were perhaps meant. */
function nearMatches(name: string, names: readonly string[]): string {
  const wanted = name.toLowerCase();
  const found = new Set(wanted === '' ? [] : names.filter((other) => other.toLowerCase().includes(wanted)));
  for (let guess = nearest(name, names); guess && found.size < 3; ) {
    found.add(guess);
    guess = nearest(
      name,
      names.filter((other) => !found.has(other)),
    );
  }
  const shown = (list: Iterable<string>) =>
    [...list]
      .slice(0, 3)
      .map((one) => JSON.stringify(one))
      .join(', ');
  if (found.size > 0) return `Did you mean ${shown(found).replace(/, ([^,]*)$/, ' or $1')}?`;
  if (names.length === 0) return 'It has no flags.';
  return `It has ${plural(names.length, 'flag')}${names.length > 3 ? ', such as' : ':'} ${shown(names)}.`;
}
