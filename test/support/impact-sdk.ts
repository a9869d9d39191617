import { InMemStorageProvider, Unleash } from 'unleash-client';
import { inject } from 'vitest';

/** What a test turns while a service serves. */
export interface Serving {
  /** False while nobody asks for anything. */
  asked: boolean;
  /** Share of the requests that fail, 0 to 1, by what the flag answered: `enabled`, `disabled` or a variant. */
  fails: (answer: string) => number;
}

/** A service in production that serves people all the time and counts what it did by a real SDK's impact metrics. */
export async function startImpactSdk(options: {
  application: string;
  flag: string;
  total: string;
  bad: string;
  /** Wall ms between two reports. */
  reportMs: number;
}) {
  const { flag, total, bad } = options;
  const { url, clientToken } = inject('unleash');
  const serving: Serving = { asked: true, fails: () => 0 };
  const sdk = new Unleash({
    url: `${url}/api`,
    appName: options.application,
    instanceId: `${options.application}-1`,
    environment: 'production',
    refreshInterval: options.reportMs,
    metricsInterval: options.reportMs,
    customHeaders: { Authorization: clientToken },
    storageProvider: new InMemStorageProvider(),
    skipInstanceCountWarning: true,
  });
  sdk.on('error', () => undefined);
  sdk.impactMetrics.defineCounter(total, 'Requests');
  sdk.impactMetrics.defineCounter(bad, 'Requests that failed');
  await new Promise<void>((resolve) => sdk.once('synchronized', () => resolve()));
  let [turn, sent] = [0, 0];
  const owed = new Map<string, number>();
  const serve = () => {
    const context = { userId: `user-${turn++ % 200}` };
    const variant = sdk.getVariant(flag, context);
    const answer = variant.enabled ? variant.name : variant.feature_enabled ? 'enabled' : 'disabled';
    const count = (metric: string) => {
      sdk.impactMetrics.incrementCounter(metric, 1, { flagNames: [flag], context });
      sent++;
    };
    count(total);
    const due = (owed.get(answer) ?? 0) + serving.fails(answer);
    if (due >= 1) count(bad);
    owed.set(answer, due % 1);
  };
  const timer = setInterval(() => {
    for (let i = 0; serving.asked && i < 20; i++) serve();
  }, 25);
  return {
    serving,
    /** How much was counted so far. */
    sent: () => sent,
    stop() {
      clearInterval(timer);
      sdk.destroy();
    },
  };
}

export type ImpactSdk = Awaited<ReturnType<typeof startImpactSdk>>;
