import { z } from 'zod';
import type { FlagState, FlagStrategy } from '../../domain/flag/flag.ts';
import type { UnleashEvent } from './port.ts';

// Only the fields that are used, as Unleash 8.2 sends them; anything else in an answer is ignored.

const time = z.string().transform((text) => Date.parse(text));

/** A strategy. Old ones may lack parameters, constraints or segments. */
export const wireStrategy = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string().nullish(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.string()).nullish(),
  constraints: z.array(z.unknown()).nullish(),
  segments: z.array(z.number()).nullish(),
  variants: z
    .array(
      z.object({
        name: z.string(),
        weight: z.number(),
        weightType: z.string().optional(),
        stickiness: z.string().optional(),
        payload: z.unknown().optional(),
      }),
    )
    .nullish(),
});

/** `GET P/features/{flag}`. */
export const wireFeature = z.object({
  name: z.string(),
  description: z.string().nullish(),
  type: z.string(),
  stale: z.boolean(),
  archived: z.boolean().nullish(),
  createdAt: time,
  dependencies: z
    .array(z.object({ feature: z.string(), enabled: z.boolean().nullish(), variants: z.array(z.string()).nullish() }))
    .nullish(),
  children: z.array(z.string()).nullish(),
  environments: z.array(
    z.object({
      name: z.string(),
      enabled: z.boolean(),
      lastSeenAt: time.nullish(),
      strategies: z.array(wireStrategy).nullish(),
    }),
  ),
});

/** `GET P/features`: on and off and last seen, without strategies. */
export const wireFeatureList = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      environments: z.array(z.object({ name: z.string(), enabled: z.boolean(), lastSeenAt: time.nullish() })),
    }),
  ),
});

/** `GET /search/features?archived=IS:true`. */
export const wireArchived = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      description: z.string().nullish(),
      type: z.string(),
      stale: z.boolean(),
      createdAt: time,
    }),
  ),
  total: z.number(),
});

/** `GET /search/events`, newest first. */
export const wireEvents = z.object({
  events: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      createdAt: time,
      createdBy: z.string(),
      featureName: z.string().nullish(),
      environment: z.string().nullish(),
      data: z.unknown(),
      preData: z.unknown(),
    }),
  ),
  total: z.number(),
});

/** `GET /client-metrics/features/{flag}/raw`: one row per application, environment and clock hour. */
export const wireRawMetrics = z.object({
  data: z.array(
    z.object({
      appName: z.string(),
      environment: z.string(),
      timestamp: time,
      yes: z.number(),
      no: z.number(),
      variants: z.record(z.string(), z.number()).nullish(),
    }),
  ),
});

/** `GET /metrics/instances/{application}/environment/{environment}`. */
export const wireInstances = z.object({
  instances: z.array(z.object({ instanceId: z.string(), lastSeen: time, sdkVersion: z.string().nullish() })),
});

/** `GET /api/client/features`: what SDKs are served. */
export const wireServed = z.object({
  features: z.array(z.unknown()),
  segments: z.array(z.unknown()).nullish(),
  meta: z.object({ revisionId: z.number() }),
});

/** A strategy in our words: missing lists become empty ones. */
export function toStrategy(wire: z.infer<typeof wireStrategy>): FlagStrategy {
  return {
    id: wire.id,
    name: wire.name,
    title: wire.title ?? null,
    disabled: wire.disabled ?? false,
    parameters: wire.parameters ?? {},
    constraints: wire.constraints ?? [],
    segments: wire.segments ?? [],
    variants: wire.variants ?? [],
  };
}

/** A flag in our words. Times stay on Unleash's clock, the wall clock. */
export function toFlagState(wire: z.infer<typeof wireFeature>): FlagState {
  return {
    flag: wire.name,
    description: wire.description ?? '',
    type: wire.type,
    stale: wire.stale,
    archived: wire.archived ?? false,
    createdAt: wire.createdAt,
    children: wire.children ?? [],
    parents: (wire.dependencies ?? []).map((dependency) => dependency.feature),
    parentNeeds: parentNeeds(wire.dependencies ?? []),
    environments: wire.environments.map((environment) => ({
      flag: wire.name,
      environment: environment.name,
      enabled: environment.enabled,
      strategies: (environment.strategies ?? []).map(toStrategy),
    })),
    lastSeenAt: newest(wire.environments.map((environment) => environment.lastSeenAt ?? null)),
  };
}

function parentNeeds(dependencies: { feature: string; enabled?: boolean | null; variants?: string[] | null }[]) {
  const needs: NonNullable<FlagState['parentNeeds']> = {};
  for (const { feature, enabled, variants } of dependencies)
    if (enabled === false) needs[feature] = 'off';
    else if (variants?.length) needs[feature] = 'a variant';
  return needs;
}

/** An audit event in our words. */
export function toEvent(wire: z.infer<typeof wireEvents>['events'][number]): UnleashEvent {
  return {
    id: wire.id,
    type: wire.type,
    createdAt: wire.createdAt,
    createdBy: wire.createdBy,
    flag: wire.featureName ?? null,
    environment: wire.environment ?? null,
    data: wire.data ?? null,
    preData: wire.preData ?? null,
  };
}

/** The latest of some times; null when there is none. */
export function newest(times: (number | null)[]): number | null {
  return times.reduce((latest, at) => (at !== null && (latest === null || at > latest) ? at : latest), null);
}
