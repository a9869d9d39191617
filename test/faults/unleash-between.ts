import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { UnleashRead, UnleashWitness, UnleashWrite } from '#app/clients/unleash/port.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import type { fakeUnleash } from '../engine/rollouts/fake-unleash.ts';

/** One call of a port of Unleash. */
interface Call {
  port: 'read' | 'write';
  method: string;
  args: unknown[];
}

/** What a call gives: its answer, and the flag and the shares of people it had, as they are after it. */
interface Answer {
  given?: unknown;
  whole: FlagState;
  shares: { at: number; percent: number }[];
}

/** Serves a flag in memory to other processes, which may die at any moment: what they were answered stands. */
export async function serveUnleash(unleash: ReturnType<typeof fakeUnleash>): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { port, method, args } = (await json(request)) as Call;
    const calls = unleash[port] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const given = await calls[method]!(...args);
    response.end(JSON.stringify({ given, whole: unleash.whole(), shares: unleash.shares } satisfies Answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The ports of a flag that another process serves. What is known at once is what the last call showed: nobody else writes. */
export async function reachUnleash(url: string) {
  let last: Answer | null = null;
  const ask = async (call: Call): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(call) });
    last = (await response.json()) as Answer;
    return last.given;
  };
  const portOf = <Port extends object>(port: Call['port']) =>
    new Proxy({} as Port, {
      get:
        (_port, method: string) =>
        (...args: unknown[]) =>
          ask({ port, method, args }),
    });
  const read = portOf<UnleashRead>('read');
  await read.flags();
  const whole = () => last!.whole;
  const witness: UnleashWitness = {
    evaluate: () => whole().environments[0]!.enabled,
    seenAt: () => null,
    start: async () => undefined,
    stop: async () => undefined,
  };
  return {
    read,
    write: portOf<UnleashWrite>('write'),
    witness,
    whole,
    /** The share of people that had it then. */
    percentAt: (at: number) => last!.shares.findLast((one) => one.at <= at)?.percent ?? 0,
  };
}
