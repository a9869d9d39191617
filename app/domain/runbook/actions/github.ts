import { z } from 'zod';
import { type ActionFacts, duration, name } from '../action-facts.ts';

/** Actions on GitHub. */
export const githubActions = {
  'github.dispatch': {
    summary: 'Starts a GitHub workflow, follows it to its end, and cancels it as its undo.',
    schema: z.strictObject({
      repo: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'A repository is owner/name.'),
      workflow: z.string().regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'A workflow is named by its file, such as deploy.yml.'),
      ref: name,
      inputs: z
        .record(z.string().regex(/^[A-Za-z_][\w-]*$/), z.union([z.string(), z.number(), z.boolean()]))
        .optional(),
      key_input: z
        .string()
        .regex(/^[A-Za-z_][\w-]*$/)
        .optional(),
      within: duration.optional(),
    }),
    kind: () => 'forward',
    target: (input) => `workflow/${input.repo}/${input.workflow}`,
    costly: true,
    change: true,
    leaves: false,
    recovery: 'verifiable',
    outputs: ['url'],
  },
} as const satisfies Record<string, ActionFacts>;
