import type { EndpointsWrite } from '../clients/endpoint/port.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { endpointCommand } from '../domain/run/commands/endpoint-command.ts';
import { AppError } from '../errors.ts';
import type { Action } from './action.ts';
import { endpointOf, scopeOf } from './endpoint-of.ts';
import { blankPlan } from './plan-parts.ts';

/** What is sent and where, as its hash covers it: the address as declared, its secrets still references. */
interface Sent {
  endpoint: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
  repeatable: boolean;
}

/**
 * `http.request`: one request to an endpoint that the organisation declares, with an idempotency key. Its effect cannot be
 * observed here: what is not known to be taken asks a person, unless the endpoint is declared to do nothing twice.
 */
export function httpRequest(write: EndpointsWrite): Action {
  return {
    uses: 'http.request',
    recovery: (plan) => ((plan.after as Sent | null)?.repeatable ? 'idempotent' : 'ask'),
    async plan(context) {
      const found = endpointOf(context);
      const base = blankPlan(context, {
        kind: 'forward',
        target: lockTarget('http.request', context.input, null),
        title: `Send a request to ${context.input.endpoint}`,
        confirmLabel: `Send${context.step.verify ? ' and verify' : ''}`,
      });
      if (typeof found === 'string') return { plan: { ...base, refused: found }, capture: null };
      const { name, title, method, url, headers, repeatable } = found;
      const body = context.input.body ?? {};
      const after: Sent = { endpoint: name, method, url, headers, body, repeatable };
      const plan = {
        ...base,
        title: `Send a request to ${title}`,
        after,
        diff: [
          { sign: '+' as const, text: `${method} ${url}` },
          { sign: '+' as const, text: JSON.stringify(body) },
        ],
        blast: [`Whatever ${title} does with it: Firebreak sees only its answer.`],
        effect: repeatable
          ? 'When it answers. It does nothing twice under one key, so a repetition is safe.'
          : 'When it answers. Should the answer be lost, a person is asked whether it took effect.',
        effectMs: 1_000,
        commands: [{ label: `${method} ${title}`, command: endpointCommand(found, body, null) }],
        refused: write.refusal(found, scopeOf(context)),
      };
      return { plan, capture: null };
    },
    async apply(context, move) {
      const found = endpointOf(context);
      if (typeof found === 'string') throw new AppError('bad_input', found);
      const { body } = move.plan.after as Sent;
      context.emit(`Sends ${found.method} to ${found.title}.`);
      const { status, ms } = await write.send(found, scopeOf(context), { key: move.key, body }, context.signal);
      context.emit(`${found.title} answered HTTP ${status} in ${Math.round(ms)} ms.`);
      const evidence = { to: found.title, answered: `HTTP ${status} in ${Math.round(ms)} ms`, key: move.key };
      return { next: 'done', progress: null, evidence, outputs: { status } };
    },
    async observe() {
      return { state: 'unknown', text: 'only its answer tells, and that is not kept there' };
    },
    // Its answer is the effect: nothing is left to be followed.
    async follow(_context, move, evidence, doneAt) {
      const { progress } = move;
      return { evidence, progress, effectAt: doneAt, ended: true, failed: null, lookIn: 1_000 };
    },
  };
}
