import { z } from 'zod';

/** Kinds of changes that come through the door of the API: what Firebreak cannot see by itself. */
export const reportedKinds = ['migration', 'secret', 'terraform', 'dns', 'config', 'other'] as const;

const line = (most: number) => z.string().trim().min(1).max(most);

/**
 * Body of `POST /api/v1/changes`. `id` makes a repeated report harmless: one change per id. `at` is ISO 8601 with an
 * offset; without it the moment of receipt counts.
 */
export const changeReportSchema = z.strictObject({
  id: line(200),
  kind: z.enum(reportedKinds),
  target: line(200),
  title: line(300),
  service: line(63).optional(),
  environment: line(63).optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  actor: line(200).optional(),
  commit: line(64).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
});
