import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { UnleashAddress } from '#app/clients/unleash/http.server.ts';
import { performFlagWrites } from '#app/clients/unleash/perform.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { createUnleashWrite } from '#app/clients/unleash/write.server.ts';
import type { DirectEnd, DirectIntent } from '#app/domain/flag/direct-kill.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import { type FlagPlan, isSafe, killPlan, sameFlagState } from '#app/domain/flag/kill-plan.ts';
import { safeWords } from '#app/domain/flag/safe-words.ts';
import { flagCommands } from '#app/domain/run/commands/flag-commands.ts';
import { AppError, errorCode } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { createResilience } from '#app/platform/resilience.ts';
import type { Terminal } from './command.ts';
import { appendToJournal } from './direct-journal.ts';
import { type DirectSight, type DirectUnleash, lookAtKill } from './direct-look.ts';
import type { DirectTarget } from './direct-target.ts';
import { printable } from './printable.ts';

/** A kill as somebody asked for it on a command line. */
export interface DirectKillOrder extends DirectTarget {
  flag: string;
  environment: string;
  reason: string;
  person: string;
  /** Path of the journal, absolute. */
  journal: string;
  /** True when the flag's name need not be typed. */
  yes: boolean;
  address: UnleashAddress;
  /** Ms for which the effect is looked for. */
  patience: number;
}

/** What is about to be sent; `before` null where Unleash could not be read. */
type Intended = Pick<DirectIntent, 'before' | 'writes'> & { after: FlagPlan['after'] | null; children: string[] };

/** Brings a flag to its safe state straight at Unleash: plan, word, journal, write, look, journal. True when it was seen safe. */
export async function killDirect(order: DirectKillOrder, terminal: Terminal): Promise<boolean> {
  const { flag, environment, safe, address } = order;
  const redactor = createRedactor();
  for (const token of [address.adminToken, ...Object.values(address.clientTokens)]) redactor.add(token);
  const resilience = createResilience({ system: 'Unleash', redact: redactor.text });
  const read = createUnleashRead({ address, resilience, clock: systemClock });
  const unleash: DirectUnleash = { address, read, wall: systemClock.wall };
  const say = (line: string) => terminal.out(printable(line));
  const refuse = (why: string) => {
    terminal.err(printable(why));
    return false;
  };

  const intended = await intend(unleash, order);
  if (typeof intended === 'string') return refuse(intended);
  if (intended.writes.length === 0) {
    say(`${flag} is ${safeWords(safe)} in ${environment} already. Nothing was sent.`);
    return true;
  }
  for (const line of planLines(order, intended)) say(line);
  if (!order.yes && !(await typed(flag, terminal))) return refuse('The name was not typed. Nothing was sent.');

  const kill = randomUUID();
  const sentAt = systemClock.wall();
  const { before, writes } = intended;
  await appendToJournal(order.journal, {
    kind: 'intent',
    kill,
    at: sentAt,
    flag,
    environment,
    person: order.person,
    machine: hostname(),
    reason: order.reason,
    safe,
    declared: order.declared !== null,
    before,
    writes,
  });
  const failure = await performFlagWrites(createUnleashWrite({ address, resilience }), order, writes).then(
    () => null,
    // Whatever went wrong, something may have been taken: what stands there now decides.
    (error: Error) => error,
  );
  const answered = failure === null;
  const sight = await lookAtKill(unleash, { flag, environment, safe, sentAt, answered }, order.patience);
  const end = { kind: 'outcome' as const, kill, at: systemClock.wall(), ...judged(order, intended, sight, failure) };
  for (const { layer, at, text } of sight.layers) say(`${at === null ? ' ' : '✓'} ${layer}: ${text}`);
  // What was done is said even where the disk fails now.
  const kept = await appendToJournal(order.journal, end).then(
    () => null,
    (error: Error) => error.message,
  );
  if (kept !== null) terminal.err(printable(`The journal does not hold the outcome: ${kept}`));
  (end.outcome === 'done' ? say : refuse)(`${words[end.outcome]}: ${end.text}`);
  say(`Written down in ${order.journal}. Once the console is back: firebreak kill --reconcile ${order.journal}`);
  return end.outcome === 'done';
}

const words = { done: 'Done', 'not-taken': 'NOT TAKEN', unknown: 'OUTCOME UNKNOWN' } as const;

/** Reads the flag and plans; a sentence where nothing can be sent. Off is written blind where nothing can be read. */
async function intend({ read }: DirectUnleash, order: DirectKillOrder): Promise<Intended | string> {
  const { flag, environment, safe } = order;
  try {
    const found = await read.flag(flag);
    const before = found.environments.find((one) => one.environment === environment);
    if (!before) return `Unleash has no environment ${environment} of ${flag}. Nothing was sent.`;
    const { writes, after } = killPlan(before, { safe });
    return { before, writes, after, children: found.children };
  } catch (error) {
    if (errorCode(error) === 'not_found') return `Unleash has no flag ${flag}. Nothing was sent.`;
    if (!(error instanceof AppError)) throw error;
    if (isRefusal(error)) return `${error.message}. Nothing was sent: check UNLEASH_URL and UNLEASH_ADMIN_TOKEN.`;
    if (safe.state !== 'off') {
      return `${error.message}. Bringing ${flag} to ${safeWords(safe)} needs to know what stands there. Nothing was sent.`;
    }
    return { before: null, writes: [{ kind: 'disable' }], after: null, children: [] };
  }
}

function planLines(order: DirectKillOrder, { before, writes, after, children }: Intended): string[] {
  const { flag, environment, safe, declared } = order;
  return [
    `Straight at Unleash (${order.address.baseUrl}), without the console, its locks and its approvals:`,
    `  ${flag} in ${environment} to ${safeWords(safe)}${declared ? ', its declared safe state' : ', as given: no file declares it'}`,
    `  - ${before ? effectiveExposure(before).text : 'not known: Unleash could not be read'}`,
    `  + ${after ? effectiveExposure(after).text : safeWords(safe)}`,
    ...(children.length > 0 ? [`  goes with it: ${children.join(', ')}`] : []),
    ...flagCommands({ flag, environment }, writes).map(({ command }) => `  ${command}`),
  ];
}

async function typed(flag: string, { ask, err }: Terminal): Promise<boolean> {
  if (!ask) {
    err('Nobody can be asked here: --yes leaves the typing out.');
    return false;
  }
  return (await ask(`Type ${flag} to do this: `))?.trim() === flag;
}

/** What became of it: what stands there now counts more than what was answered. */
function judged(
  { flag, environment, safe }: DirectKillOrder,
  { before }: Intended,
  { state, layers }: DirectSight,
  failure: Error | null,
): Pick<DirectEnd, 'outcome' | 'text' | 'layers'> {
  const said = failure === null ? 'Unleash said yes' : failure.message;
  if (state === null) {
    const text = `${said}, and what stands there now could not be read. Look at ${flag} in ${environment} before you do anything else`;
    return { outcome: 'unknown', text, layers };
  }
  const now = `${flag} is ${effectiveExposure(state).text} in ${environment}`;
  if (isSafe(state, safe)) return { outcome: 'done', text: failure === null ? now : `${now}, though: ${said}`, layers };
  const untouched = before !== null && sameFlagState(before, state);
  if (isRefusal(failure) && untouched) return { outcome: 'not-taken', text: `${said}; ${now}`, layers };
  return { outcome: 'unknown', text: `${said}; ${now}. It may still come: look again`, layers };
}

/** True for a clear no: nothing was taken. */
function isRefusal(error: unknown): boolean {
  return errorCode(error) === 'not_found' || (error instanceof OutsideError && error.reason === 'refused');
}
