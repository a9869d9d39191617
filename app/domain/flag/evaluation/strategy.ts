import { inIp4Ranges } from './address.ts';
import { rolloutBucket } from './bucket.ts';
import type { Asker } from './constraint.ts';
import { contextText } from './context.ts';
import type { ServedStrategy } from './features.ts';

/** What a strategy by itself answers, constraints apart. */
export interface Entry {
  /** 1 in, 0 not in, between them the share of requests when only chance decides. */
  chance: number;
  /** Why, in words, to stand after a colon. */
  why: string;
}

/** Asks a strategy as the Node SDK does; one that is not among its standard strategies lets nobody in. */
export function enter(strategy: ServedStrategy, asker: Asker): Entry {
  const judge = Object.hasOwn(judges, strategy.name) ? judges[strategy.name] : undefined;
  const unknown = 'not a standard strategy: an SDK without code for it lets nobody in';
  return judge ? judge(strategy.parameters ?? {}, asker) : { chance: 0, why: unknown };
}

type Parameters = NonNullable<ServedStrategy['parameters']>;

const judges: Record<string, (parameters: Parameters, asker: Asker) => Entry> = {
  default: () => ({ chance: 1, why: 'everyone' }),
  flexibleRollout: flexible,
  gradualRolloutUserId: (parameters, asker) => gradual(parameters, asker, 'userId'),
  gradualRolloutSessionId: (parameters, asker) => gradual(parameters, asker, 'sessionId'),
  gradualRolloutRandom: ({ percentage }) => byChance(percentage, 'random per request'),
  userWithId: ({ userIds }, { context }) =>
    listed(context.userId, split(userIds).includes(context.userId ?? '\0'), 'userId', 'the users', split(userIds)),
  remoteAddress: ({ IPs }, { context }) => {
    const { remoteAddress } = context;
    const found = typeof remoteAddress === 'string' && inIp4Ranges(remoteAddress, split(IPs));
    return listed(remoteAddress, found, 'remoteAddress', 'the addresses', split(IPs));
  },
  applicationHostname: ({ hostNames }, { host }) => {
    const hosts = split(hostNames).map((name) => name.toLowerCase());
    return listed(host, host !== null && hosts.includes(host.toLowerCase()), 'host', 'the hosts', hosts);
  },
};

function flexible(parameters: Parameters, asker: Asker): Entry {
  const { context } = asker;
  const group = `${parameters.groupId || context.featureToggle || ''}`;
  const stickiness = String(parameters.stickiness || 'default');
  if (stickiness === 'random') return byChance(parameters.rollout, 'random per request');
  const field = stickiness === 'default' ? (context.userId ? 'userId' : 'sessionId') : stickiness;
  const id = stickiness === 'default' ? context.userId || context.sessionId : contextText(context, field);
  if (id) return byBucket(parameters.rollout, field, id, group);
  if (stickiness === 'default')
    return byChance(parameters.rollout, 'random per request, as the context has neither userId nor sessionId');
  return { chance: 0, why: `the context has no ${field}, which this rollout sticks to` };
}

function gradual({ percentage, groupId }: Parameters, { context }: Asker, field: 'userId' | 'sessionId'): Entry {
  const id = context[field];
  if (!id) return { chance: 0, why: `the context has no ${field}, which this rollout sticks to` };
  return byBucket(percentage, field, id, `${groupId || ''}`);
}

function byBucket(share: Parameters[string] | undefined, field: string, id: string, group: string): Entry {
  const percent = share === undefined ? Number.NaN : Number(share);
  if (Number.isNaN(percent)) return { chance: 0, why: notANumber(share) };
  const bucket = rolloutBucket(id, group);
  const inside = percent > 0 && bucket <= percent;
  const where = `bucket ${bucket} of 100 for ${field} ${quote(id)} in group ${quote(group)}`;
  return { chance: inside ? 1 : 0, why: `${where}, which is ${inside ? '≤' : '>'} ${percent}` };
}

/** Buckets are whole numbers: half a per cent lets nobody in. */
function byChance(share: Parameters[string] | undefined, how: string): Entry {
  const percent = share === undefined ? Number.NaN : Number(share);
  if (Number.isNaN(percent)) return { chance: 0, why: notANumber(share) };
  const whole = Math.min(100, Math.max(0, Math.floor(percent)));
  if (whole === 0 || whole === 100) return { chance: whole / 100, why: `${percent} % of requests` };
  return { chance: whole / 100, why: `unknown: ${how}; about ${whole} % of requests get in` };
}

function listed(asked: string | null | undefined, found: boolean, field: string, list: string, all: string[]): Entry {
  const names = all.length > 3 ? `${list}, ${all.length} in all` : `${list} ${all.join(', ') || '(none)'}`;
  const who = asked === undefined || asked === null ? `no ${field} is given` : `${field} ${quote(asked)}`;
  return { chance: found ? 1 : 0, why: `${who}: ${found ? 'among' : 'not among'} ${names}` };
}

function split(list: Parameters[string] | undefined): string[] {
  return list ? String(list).split(/\s*,\s*/) : [];
}

function notANumber(share: unknown): string {
  return share === undefined ? 'no percentage is set: nobody' : `${quote(String(share))} is no percentage: nobody`;
}

/** A value in quotes, cut where it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
