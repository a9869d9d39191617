import type { EndpointAnswer, EndpointsRead } from '../clients/endpoint/port.ts';
import type { Endpoint } from '../domain/endpoint/endpoint.ts';
import { endpointCommand } from '../domain/run/commands/endpoint-command.ts';
import { AppError, errorCode } from '../errors.ts';
import type { OutsideReason } from '../platform/outside-error.ts';
import type { Action, ActionContext } from './action.ts';
import { endpointOf, scopeOf } from './endpoint-of.ts';
import { blankPlan } from './plan-parts.ts';

/**
 * `http.probe`: asks a declared endpoint by GET. Outputs `status` (0 when nothing answered) and `answer`: `yes` when status
 * and body are as declared, `unknown` when we did not get to ask, else `no`. `redact` takes secrets out of what is kept.
 */
export function httpProbe(deps: { read: EndpointsRead; redact: (text: string) => string }): Action {
  return {
    uses: 'http.probe',
    recovery: 'idempotent',
    async plan(context) {
      const found = probeOf(context);
      const plan = blankPlan(context, {
        kind: 'read',
        title: `Ask ${found.title} whether it is healthy`,
        confirmLabel: 'Ask',
        commands: [{ label: `GET ${found.title}`, command: endpointCommand(found, undefined, null) }],
      });
      return { plan, capture: null };
    },
    async apply(context) {
      const found = probeOf(context);
      const refused = deps.read.refusal(found, scopeOf(context));
      if (refused) throw new AppError('bad_input', refused);
      try {
        const answer = await deps.read.get(found, scopeOf(context), context.signal);
        const why = unhealthy(found, answer);
        const said = deps.redact(answer.body).slice(0, 200).trim();
        const evidence = {
          asked: found.title,
          answered: `HTTP ${answer.status} in ${Math.round(answer.ms)} ms`,
          ...(why ? { because: why } : {}),
          ...(said ? { said } : {}),
          healthy: why === null,
        };
        return outcome(why === null ? 'yes' : 'no', answer.status, evidence);
      } catch (error) {
        if (context.signal.aborted || errorCode(error) !== 'unavailable') throw error;
        const because = (error as Error).message;
        if (!wasAsked(error)) return outcome('unknown', 0, { asked: `${found.title}, which was not reached`, because });
        return outcome('no', 0, { asked: found.title, because, healthy: false });
      }
    },
    async observe() {
      return { state: 'not_done', text: 'a reading leaves nothing behind' };
    },
  };
}

function probeOf(context: ActionContext): Endpoint {
  const found = endpointOf(context);
  if (typeof found === 'string') throw new AppError('bad_input', found);
  return found;
}

/** Why an answer is not a healthy one; null when it is. */
function unhealthy({ status, contains }: Endpoint, answer: EndpointAnswer): string | null {
  if (!status.includes(answer.status)) return `${answer.status} is none of ${status.join(', ')}`;
  if (contains !== null && !answer.body.includes(contains)) return `its body does not hold “${contains}”`;
  return null;
}

/** False where the fault is ours: we refused to call it, hold back, or could not look up its name. That says nothing about its health. */
function wasAsked(error: unknown): boolean {
  const { reason, cause } = error as { reason?: OutsideReason; cause?: unknown };
  if (reason === 'refused' || reason === 'open' || reason === 'busy') return false;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return code !== 'ENOTFOUND' && code !== 'EAI_AGAIN';
}

const outcome = (answer: 'yes' | 'no' | 'unknown', status: number, evidence: unknown) => ({
  next: 'done' as const,
  progress: null,
  evidence,
  outputs: { answer, status },
});
