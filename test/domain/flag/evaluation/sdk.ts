import { EventEmitter } from 'node:events';
import { type Context, Unleash } from 'unleash-client';

/** The real SDK over a document that a test may change at any time, without a network. */
export function sdkOver(): {
  ask(document: unknown, flag: string, context: unknown): { enabled: boolean; variant: unknown };
} {
  let features = new Map<string, unknown>();
  let segments = new Map<number, unknown>();
  const repository = Object.assign(new EventEmitter(), {
    getToggle: (name: string) => features.get(name),
    getToggles: () => [...features.values()],
    getTogglesWithSegmentData: () => [],
    getSegment: (id: number) => segments.get(id),
    start: async () => {},
    stop: () => {},
  });
  const unleash = new Unleash({
    appName: 'test',
    url: 'http://127.0.0.1:1',
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    repository: repository as never,
  });
  unleash.on('error', () => {});
  repository.emit('ready');
  return {
    ask(document, flag, context) {
      const { features: all, segments: parts } = document as {
        features: { name: string }[];
        segments?: { id: number }[];
      };
      features = new Map(all.map((each) => [each.name, each]));
      segments = new Map((parts ?? []).map((each) => [each.id, each]));
      // The SDK fills in its own application and environment; a context of ours is all there is.
      const whole = { appName: undefined, environment: undefined, ...(context as object) } as Context;
      const { featureEnabled: _, ...variant } = unleash.getVariant(flag, whole) as unknown as Record<string, unknown>;
      return { enabled: unleash.isEnabled(flag, whole), variant };
    },
  };
}
