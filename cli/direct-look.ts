import { type UnleashAddress, unleashRequest } from '#app/clients/unleash/http.server.ts';
import type { UnleashRead } from '#app/clients/unleash/port.ts';
import { toEvent, wireEvents } from '#app/clients/unleash/wire.ts';
import type { FlagEnvironmentState, Receipt, SafeState } from '#app/domain/flag/flag.ts';
import { isSafe, safeAnswer } from '#app/domain/flag/kill-plan.ts';
import { advanceReceipt, servedAnswer, startReceipt } from '#app/domain/flag/receipt.ts';

/** What the commands need to reach Unleash. */
export interface DirectUnleash {
  address: UnleashAddress;
  read: UnleashRead;
  wall(): number;
}

/** What stands there after a write, and the layers of its receipt that a command can see. */
export interface DirectSight {
  /** Null where it could not be read. */
  state: FlagEnvironmentState | null;
  layers: { layer: string; at: number | null; text: string }[];
}

const lookEvery = 1_000;
/** Unleash stamps events by its own clock. */
const clockSlack = 10_000;

/** The state of a flag in an environment; null where Unleash has no such environment. */
async function stateOf(read: UnleashRead, flag: string, environment: string): Promise<FlagEnvironmentState | null> {
  return (await read.flag(flag)).environments.find((one) => one.environment === environment) ?? null;
}

/** Looks at a write for up to `patience` ms: does the flag stand safe, is it in Unleash's audit, what are SDKs served? */
export async function lookAtKill(
  unleash: DirectUnleash,
  kill: { flag: string; environment: string; safe: SafeState; sentAt: number; answered: boolean },
  patience: number,
): Promise<DirectSight> {
  const { flag, environment, safe } = kill;
  const token = unleash.address.clientTokens[environment];
  let receipt = startReceipt({ flag, environment, expected: safeAnswer(safe), acceptedAt: kill.sentAt, usage: null });
  let state: FlagEnvironmentState | null = null;
  for (const until = unleash.wall() + patience; ; ) {
    const [now, recorded, served] = await Promise.all([
      stateOf(unleash.read, flag, environment).catch(() => null),
      eventSince(unleash, kill).catch(() => null),
      token ? unleash.read.served(environment).catch(() => null) : null,
    ]);
    state = now ?? state;
    const answer = served && { revision: served.revision, answer: servedAnswer(served.features, flag) };
    receipt = advanceReceipt(receipt, { recorded, served: answer, witnessed: null, usage: null }, unleash.wall());
    const seen = state !== null && isSafe(state, safe) && reached(receipt, 'recorded');
    if ((seen && (!token || reached(receipt, 'served'))) || unleash.wall() >= until) break;
    await new Promise((resolve) => setTimeout(resolve, Math.min(lookEvery, patience)));
  }
  return { state, layers: layersOf(receipt, kill.answered, token !== undefined, environment) };
}

/** The three layers that need no console; the other two take its SDK and the reports of applications. */
function layersOf(receipt: Receipt, answered: boolean, asked: boolean, environment: string): DirectSight['layers'] {
  return receipt.layers.slice(0, 3).map((line) => {
    if (line.layer === 'accepted' && !answered) return { ...line, at: null, text: 'Unleash did not say yes' };
    if (line.layer === 'served' && !asked)
      return { ...line, text: `cannot be seen: UNLEASH_CLIENT_TOKEN does not open ${environment}` };
    return line.at === null ? { ...line, text: 'not seen' } : line;
  });
}

function reached(receipt: Receipt, layer: string): boolean {
  return receipt.layers.some((line) => line.layer === layer && line.at !== null);
}

async function eventSince(
  { address }: DirectUnleash,
  { flag, environment, sentAt }: { flag: string; environment: string; sentAt: number },
): Promise<{ eventId: number } | null> {
  const url = `${address.baseUrl}/api/admin/search/events?limit=50&offset=0`;
  const response = await unleashRequest(url, address.adminToken, { signal: AbortSignal.timeout(5_000) });
  const events = wireEvents.parse(await response.json()).events.map(toEvent);
  const found = events.find(
    (event) => event.flag === flag && event.environment === environment && event.createdAt >= sentAt - clockSlack,
  );
  return found ? { eventId: found.id } : null;
}
