import { z } from 'zod';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import type { DashboardConsole } from './dashboard.ts';

const schema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('DashboardConsole'),
  spec: z.strictObject({
    service: z.string().optional(),
    runbooks: z.array(z.string()).optional(),
    refreshSeconds: z.number().int().min(10).max(3600).optional(),
    markers: z.array(z.enum(['deploy', 'flag', 'incident'])).optional(),
  }),
});

/** What the console adds to a dashboard that has no sibling file. */
export const plainConsole: DashboardConsole = { service: null, runbooks: [], refreshSeconds: null, markers: [] };

/** A `<slug>.console.yaml`; null when it has errors, which are reported. */
export function readConsoleFile(source: SourceDocument, report: Reporter): DashboardConsole | null {
  const document = validate(schema, source, report);
  return document && { ...plainConsole, ...document.spec };
}
