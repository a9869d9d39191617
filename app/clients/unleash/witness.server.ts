import { InMemStorageProvider, Unleash } from 'unleash-client';
import type { Clock } from '../../platform/clock.ts';
import type { UnleashAddress } from './http.server.ts';
import type { UnleashWitness } from './port.ts';

/** How the SDK inside Firebreak is set. */
export interface WitnessOptions {
  address: Pick<UnleashAddress, 'baseUrl' | 'clientTokens'>;
  clock: Clock;
  /** Data ms between two polls; divided by the clock's speed. */
  refreshMs?: number;
  /** What to call when an SDK cannot go on: text null when it is well again. */
  onProblem?: (environment: string, text: string | null) => void;
}

/** Shorter polls than this would load Unleash more than all services together. */
const shortestRefreshMs = 200;
/** A refused token stops an SDK's polling for good; after this many wall ms a new one tries again. */
const startAgainMs = 30_000;
const firstAnswerMs = 5000;
/** A rollout that sticks to users or sessions answers off to nobody in particular, even at 100 %. */
const somebody = { userId: 'firebreak-witness', sessionId: 'firebreak-witness' };

/** Never longer than at speed 1: a clock that stands still must not stop the witness. */
function refreshOf({ refreshMs = 1000, clock }: WitnessOptions): number {
  return Math.max(shortestRefreshMs, refreshMs / Math.max(1, clock.speed()));
}

interface Eye {
  sdk: Unleash;
  /** Wall ms between its polls. */
  refresh: number;
  /** Its successor at another speed of the clock, until that has its first answer. */
  next: Eye | null;
  seenAt: number | null;
  again: NodeJS.Timeout | null;
}

/**
 * Real `unleash-client` instances, one an environment, that evaluate as services do. They send no metrics and do not
 * register, so they are no application in anybody's usage.
 */
export function createUnleashWitness(options: WitnessOptions): UnleashWitness {
  const eyes = new Map<string, Eye>();

  function open(environment: string, token: string): Eye {
    const refresh = refreshOf(options);
    const sdk = new Unleash({
      appName: 'firebreak-witness',
      environment,
      url: `${options.address.baseUrl}/api`,
      customHeaders: { Authorization: token },
      refreshInterval: refresh,
      disableMetrics: true,
      // A file of old flags must not testify.
      storageProvider: new InMemStorageProvider(),
      disableAutoStart: true,
      skipInstanceCountWarning: true,
    });
    const eye: Eye = { sdk, refresh, next: null, seenAt: eyes.get(environment)?.seenAt ?? null, again: null };
    const seen = () => {
      eye.seenAt = options.clock.now();
      options.onProblem?.(environment, null);
      if (eyes.get(environment) === eye && !eye.next && refreshOf(options) !== refresh)
        succeed(eye, environment, token);
    };
    sdk.on('changed', seen);
    sdk.on('unchanged', seen);
    sdk.on('warn', () => undefined);
    sdk.on('error', (error: Error) => {
      const refused = /not allowed to connect/.test(error.message);
      options.onProblem?.(
        environment,
        refused
          ? `Unleash refuses Firebreak's own client token for ${environment}; flags cannot be witnessed`
          : `Firebreak's own SDK cannot read ${environment}: ${error.message}`,
      );
      if (refused && !eye.again) eye.again = setTimeout(() => reopen(environment, token), startAgainMs).unref();
    });
    return eye;
  }

  /** The clock runs at another speed: a new SDK takes over once it has flags of its own. */
  function succeed(eye: Eye, environment: string, token: string): void {
    const next = open(environment, token);
    eye.next = next;
    next.sdk.once('synchronized', () => {
      if (eyes.get(environment) !== eye) return;
      eyes.set(environment, next);
      eye.next = null;
      close(eye);
    });
    void next.sdk.start();
  }

  function reopen(environment: string, token: string): void {
    close(eyes.get(environment));
    const eye = open(environment, token);
    eyes.set(environment, eye);
    void eye.sdk.start();
  }

  function close(eye: Eye | undefined): void {
    if (!eye) return;
    if (eye.again) clearTimeout(eye.again);
    close(eye.next ?? undefined);
    eye.sdk.destroy();
  }

  return {
    async start() {
      const waits = Object.entries(options.address.clientTokens).map(async ([environment, token]) => {
        const eye = open(environment, token);
        eyes.set(environment, eye);
        const answered = new Promise<void>((resolve) => {
          for (const event of ['synchronized', 'error']) eye.sdk.once(event, () => resolve());
          setTimeout(resolve, firstAnswerMs).unref();
        });
        void eye.sdk.start();
        await answered;
      });
      await Promise.all(waits);
    },

    async stop() {
      for (const eye of eyes.values()) close(eye);
      eyes.clear();
    },

    evaluate(flag, environment) {
      const eye = eyes.get(environment);
      if (!eye || eye.seenAt === null || !eye.sdk.getFeatureToggleDefinition(flag)) return null;
      return eye.sdk.isEnabled(flag, somebody);
    },

    seenAt: (environment) => eyes.get(environment)?.seenAt ?? null,
  };
}
