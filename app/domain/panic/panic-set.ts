import { z } from 'zod';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';

/** One thing that a panic makes safe: a flag brought to its safe state, or a service's traffic brought to the previous healthy revision. */
export interface PanicTarget {
  kind: 'flag' | 'traffic';
  /** Name of the flag, or id of the service. */
  name: string;
}

/** What is made safe at once, as declared in `flags/*.yaml`. */
export interface PanicSet {
  name: string;
  title: string;
  /** When to use it, in the words of those who prepared it. */
  why: string;
  environment: string;
  members: PanicTarget[];
}

const most = 30;

const schema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('PanicSet'),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A name has 1 to 63 lower-case letters, digits and hyphens.'),
    displayName: z.string().max(200).optional(),
  }),
  spec: z.strictObject({
    why: z.string().trim().min(3, 'Say in one sentence when it is pressed.').max(1_000),
    environment: z.string().min(1),
    members: z
      .array(z.strictObject({ flag: z.string().min(1).optional(), service: z.string().min(1).optional() }))
      .max(most, `A set has at most ${most} members: more than that nobody reads before they press.`),
  }),
});

/** A PanicSet document as a set; null when it has errors, which are reported. Names are looked up by `checkPanicSet`. */
export function readPanicSet(source: SourceDocument, report: Reporter): PanicSet | null {
  const document = validate(schema, source, report);
  if (!document) return null;
  const { metadata, spec } = document;
  if (spec.members.length === 0)
    report.error(['spec', 'members'], 'A set without members makes nothing safe.', 'Write - flag: name.');
  const members = spec.members.flatMap(({ flag, service }, index): PanicTarget[] => {
    const place = ['spec', 'members', index];
    if ((flag === undefined) === (service === undefined)) {
      report.error(place, 'A member is either a flag or a service.', 'Write - flag: name, or - service: name.');
      return [];
    }
    return [flag === undefined ? { kind: 'traffic', name: service! } : { kind: 'flag', name: flag }];
  });
  for (const [index, { kind, name }] of members.entries())
    if (members.findIndex((other) => other.kind === kind && other.name === name) !== index)
      report.error(['spec', 'members', index], `${name} stands here twice.`);
  if (report.failed) return null;
  return {
    name: metadata.name,
    title: metadata.displayName ?? metadata.name,
    why: spec.why,
    environment: spec.environment,
    members,
  };
}
