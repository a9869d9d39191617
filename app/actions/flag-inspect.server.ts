import type { UnleashRead } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import { isSafe } from '../domain/flag/kill-plan.ts';
import { AppError } from '../errors.ts';
import type { ObservationStore } from '../stores/stores.ts';
import type { Action } from './action.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { readAction } from './read-parts.ts';

/** `flag.inspect`: who gets a flag now. Outputs `exposure` in words, and `safe`: `unknown` for a flag that nobody declared. */
export function flagInspect(deps: { unleash: UnleashRead; observations: ObservationStore }): Action {
  return readAction('flag.inspect', {
    title: ({ input }) => `Read ${input.flag} in ${input.environment}`,
    command: ({ input }) => {
      const flag = encodeURIComponent(String(input.flag));
      return `curl -fsS -H "Authorization: $UNLEASH_ADMIN_TOKEN" "$UNLEASH_URL/api/admin/projects/default/features/${flag}"`;
    },
    async read(context) {
      const reading = await readFlag(deps, context);
      if (!reading.ok) throw new AppError('bad_input', reading.refused);
      const { state, flag, usage, precondition } = reading;
      const declared = context.catalog.flags.find((one) => one.name === flag.flag);
      const safe = !declared ? 'unknown' : isSafe(state, declared.safe) ? 'yes' : 'no';
      const exposure = effectiveExposure(state).text;
      const old = precondition.state === 'pass' ? {} : { age: precondition.text };
      const asked = blastOf(flag, usage);
      return {
        evidence: { exposure, safe, ...old, ...(asked.length > 0 ? { asked } : {}) },
        outputs: { exposure, safe },
      };
    },
  });
}
