import { inject } from 'vitest';
import { createUnleashDefinitions } from '#app/clients/unleash/definitions-write.server.ts';
import type { UnleashAddress } from '#app/clients/unleash/http.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { createUnleashWrite } from '#app/clients/unleash/write.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';

/** The run's real Unleash, as the console is told of it. */
export function unleashAddress(): UnleashAddress {
  const { url, adminToken, clientToken, devClientToken } = inject('unleash');
  return { baseUrl: url, adminToken, clientTokens: { production: clientToken, development: devClientToken } };
}

/** The console's own clients of the run's real Unleash; `paths` lists what was asked of it. */
export function openUnleash() {
  const address = unleashAddress();
  const resilience = createResilience({ system: 'Unleash', retries: 0 });
  return {
    address,
    read: createUnleashRead({ address, resilience, clock: systemClock }),
    write: createUnleashWrite({ address, resilience }),
    definitions: createUnleashDefinitions({ address, resilience }),
    calls: () => resilience.stats().attempts,
  };
}
