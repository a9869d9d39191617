import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config } from '#app/config.server.ts';
import { type Finding, ok, problem, said } from './doctor-finding.ts';

const check = 'dead-man’s switch';
const patienceMs = 10_000;
const setUp =
  'Make a check at a service outside that alarms when no ping came for 4 minutes and pages by itself, and set DEADMAN_URL to its address.';

/**
 * Whether an outside check misses us when we fall silent. Its door is knocked at, no more: asking the address itself would be a
 * ping, and tell it that a dead engine lives.
 */
export async function deadManFinding(config: Pick<Config, 'DEADMAN_URL' | 'GOOGLE_ENDPOINT'>): Promise<Finding> {
  if (!config.DEADMAN_URL) {
    return problem(check, 'DEADMAN_URL is not set: when Firebreak dies nobody hears of it.', setUp);
  }
  const { protocol, hostname, port } = new URL(config.DEADMAN_URL);
  const simulated = config.GOOGLE_ENDPOINT !== undefined;
  if (!simulated && /^(127\.|\[?::1\]?$|localhost$)/.test(hostname)) {
    return problem(check, `${hostname} is this machine: it would die together with Firebreak.`, setUp);
  }
  try {
    await knock(protocol, hostname.replace(/^\[|\]$/g, ''), Number(port) || (protocol === 'https:' ? 443 : 80));
    return ok(
      check,
      `${hostname} is there; it is not pinged by this. The leading engine pings it while every part of the SLOs was gone over within the last 2 min.`,
    );
  } catch (error) {
    return problem(
      check,
      `${hostname} is not there: ${said(error)}.`,
      'Check DEADMAN_URL, and that this machine may reach it.',
    );
  }
}

/** Opens a connection, with TLS where the address says so, and closes it again without a word. */
function knock(protocol: string, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host, port, servername: host, timeout: patienceMs };
    const socket =
      protocol === 'https:' ? connectTls(options, () => done(null)) : connectTcp(options, () => done(null));
    const done = (error: Error | null) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.once('error', done);
    socket.once('timeout', () => done(new Error(`no answer in ${patienceMs / 1_000} s`)));
  });
}
