import { z } from 'zod';
import { type ActionFacts, name, yesOrNo } from '../action-facts.ts';

/** What is sent to endpoints that the organisation declares, and asked of them. */
export const endpointActions = {
  notify: {
    summary: 'Tells people through a chat, or another system through a webhook, that the organisation declares.',
    endpoint: { field: 'to', uses: ['chat', 'webhook'] },
    schema: z.strictObject({ to: name, text: z.string().min(1).max(4_000) }),
    kind: () => 'people',
    change: false,
    leaves: false,
    // Where the endpoint does nothing twice under one key, it is sent again.
    recovery: 'ask',
    outputs: [],
  },
  'http.request': {
    summary: 'Sends a request to an endpoint that the organisation declares.',
    endpoint: { field: 'endpoint', uses: ['request'] },
    schema: z.strictObject({ endpoint: name, body: z.record(z.string(), z.json()).optional() }),
    kind: () => 'forward',
    target: (input) => `endpoint/${input.endpoint}`,
    change: true,
    leaves: false,
    recovery: 'ask',
    outputs: ['status'],
  },
  'http.probe': {
    summary: 'Asks an endpoint that the organisation declares whether it is healthy.',
    endpoint: { field: 'endpoint', uses: ['probe'] },
    schema: z.strictObject({ endpoint: name }),
    kind: () => 'read',
    change: false,
    leaves: false,
    recovery: 'idempotent',
    outputs: ['answer', 'status'],
    answers: () => ({ answer: yesOrNo }),
  },
} as const satisfies Record<string, ActionFacts>;
