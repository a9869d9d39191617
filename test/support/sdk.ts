import { InMemStorageProvider, Unleash } from 'unleash-client';
import { inject } from 'vitest';

/** A real SDK instance of an application in production, as services run them; it asks for `flag` all the time until it is told to rest. */
export async function startSdk(options: {
  application: string;
  instance?: string;
  flag: string;
  /** Wall ms between polls. */
  refreshMs?: number;
  metricsMs?: number;
  /** Address of what stands in front of Unleash. */
  url?: string;
}) {
  const { url, clientToken } = inject('unleash');
  const sdk = new Unleash({
    url: `${options.url ?? url}/api`,
    appName: options.application,
    instanceId: options.instance ?? `${options.application}-1`,
    environment: 'production',
    refreshInterval: options.refreshMs ?? 300,
    metricsInterval: options.metricsMs ?? 500,
    customHeaders: { Authorization: clientToken },
    storageProvider: new InMemStorageProvider(),
    skipInstanceCountWarning: true,
  });
  const errors: string[] = [];
  sdk.on('error', (error: Error) => errors.push(error.message));
  sdk.on('warn', () => undefined);
  await new Promise<void>((resolve) => sdk.once('synchronized', () => resolve()));
  let turn = 0;
  const ask = () => sdk.isEnabled(options.flag, { userId: `user-${turn++}` });
  const timer = setInterval(ask, 50);
  return {
    errors,
    answer: ask,
    /** Runs on and asks for nothing more. */
    rest: () => clearInterval(timer),
    stop() {
      clearInterval(timer);
      sdk.destroy();
    },
  };
}

export type TestSdk = Awaited<ReturnType<typeof startSdk>>;
