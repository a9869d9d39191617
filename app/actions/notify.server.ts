import type { EndpointsWrite } from '../clients/endpoint/port.ts';
import type { Endpoint } from '../domain/endpoint/endpoint.ts';
import { endpointCommand } from '../domain/run/commands/endpoint-command.ts';
import { AppError } from '../errors.ts';
import { paths } from '../paths.ts';
import type { Action, ActionContext, Move } from './action.ts';
import { endpointOf, scopeOf } from './endpoint-of.ts';
import { blankPlan, stepMark } from './plan-parts.ts';

/** What is said and where, as its hash covers it. */
interface Message {
  to: string;
  url: string;
  text: string;
  /** Declared to do nothing twice under one key. */
  repeatable: boolean;
}

/**
 * `notify`: tells people in a chat, or another system by webhook. A chat keeps no keys and cannot be asked what it was
 * told: when nobody knows whether it was taken, a person looks for the mark at the message's end. `link` is the address
 * of a page of ours.
 */
export function notify(deps: { write: EndpointsWrite; link: (path: string) => string }): Action {
  const { write, link } = deps;
  const messageOf = (context: ActionContext, endpoint: Endpoint, text: string, mark: string | null): unknown => {
    const { id, incidentId, service } = context.run;
    const href = link(incidentId === null ? paths.run(id) : paths.incident(incidentId));
    if (endpoint.use === 'chat') return { text: [text, href, mark].filter(Boolean).join('\n') };
    return { text, link: href, incident: incidentId, service, run: id };
  };
  const target = (context: ActionContext): Endpoint => {
    const found = endpointOf(context);
    if (typeof found === 'string') throw new AppError('bad_input', found);
    return found;
  };

  return {
    uses: 'notify',
    recovery: (plan) => ((plan.after as Message | null)?.repeatable ? 'idempotent' : 'ask'),
    async plan(context) {
      const text = String(context.input.text);
      const found = endpointOf(context);
      const base = blankPlan(context, { kind: 'people', title: `Tell ${context.input.to}`, confirmLabel: 'Send' });
      if (typeof found === 'string') return { plan: { ...base, refused: found }, capture: null };
      const after: Message = { to: found.name, url: found.url, text, repeatable: found.repeatable };
      const plan = {
        ...base,
        title: `Tell ${found.title}`,
        after,
        diff: [{ sign: '+' as const, text }],
        effect: 'At once.',
        commands: [{ label: 'Send', command: endpointCommand(found, messageOf(context, found, text, null), null) }],
        refused: write.refusal(found, scopeOf(context)),
      };
      return { plan, capture: null };
    },
    async apply(context, move) {
      const endpoint = target(context);
      const { text } = move.plan.after as Message;
      const body = messageOf(context, endpoint, text, stepMark(context, move));
      const { status } = await write.send(endpoint, scopeOf(context), { key: move.key, body }, context.signal);
      const evidence = { to: endpoint.title, sent: text, mark: stepMark(context, move), answered: `HTTP ${status}` };
      return { next: 'done', progress: null, evidence, outputs: {} };
    },
    async observe(context: ActionContext, move: Move) {
      return { state: 'unknown', text: `look for ${stepMark(context, move)} in ${target(context).title}` };
    },
  };
}
