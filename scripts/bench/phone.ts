import type { Browser, CDPSession } from 'playwright-core';
import { paths } from '../../app/paths.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { emptyRemix } from './empty-remix.ts';
import { type Figure, inTurn, median } from './figure.ts';
import { studioDb } from './incident.ts';
import type { BenchStudio } from './studio.ts';
import { signInCookie } from './web-console.ts';

const rounds = 5;
const throttle = {
  offline: false,
  latency: 400,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const outside = ['monitoring', 'logging', 'cloud-run', 'pagerduty', 'unleash'];

interface Visit {
  /** ms from the start of navigation until the text is painted. */
  ms: number;
  scriptBytes: number;
}

/** P10 and P7: the incident page on a phone with a slow network, a cold cache and every outside system stalled; an empty Remix page on the same phone. */
export async function phone(studio: BenchStudio): Promise<Figure[]> {
  const cookie = await signInCookie(studio.url, studio.world.password);
  const db = studioDb(studio);
  const incident = await db.incident();
  await db.close();
  const empty = await emptyRemix().start();
  const browser = await launchBrowser();
  try {
    for (const system of outside) await studio.sim('/sim/fault', { system, kind: 'stall' });
    const works = [
      () => visit(browser, studio.url + paths.incident(incident), cookie, '[aria-label="How bad it is"]'),
      () => visit(browser, empty.url, null, 'h1'),
    ];
    for (const work of works) await work();
    const [ours, theirs] = await inTurn(rounds, works);
    const [mine, bare] = [median(ours!.map(({ ms }) => ms)), median(theirs!.map(({ ms }) => ms))];
    const [scripts, least] = [ours![0]!.scriptBytes / 1000, theirs![0]!.scriptBytes / 1000];
    return [
      {
        id: 'P10',
        work: 'incident page on a cold phone, outside stalled: first sentence',
        unit: 'ms',
        ours: mine,
        reference: { what: 'empty Remix page', value: bare },
        reach: '≤ 1,500 ms, ≤ 1.4×',
        within: mine <= 1_500 && mine <= 1.4 * bare,
      },
      {
        id: 'P7',
        work: 'JavaScript of the incident page, compressed',
        unit: 'KB',
        ours: scripts,
        reference: { what: 'Remix + React alone', value: least },
        reach: '≤ 1.6×',
        within: scripts <= 1.6 * least,
      },
    ];
  } finally {
    for (const system of outside) await studio.sim('/sim/fault', { system, kind: 'none' });
    await browser.close();
    await empty.child.stop(1_000);
  }
}

/** One visit by a new browser profile: nothing is cached. */
async function visit(browser: Browser, url: string, cookie: string | null, selector: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  try {
    if (cookie) {
      const pairs = cookie.split('; ').map((pair) => pair.split(/=(.*)/s));
      await context.addCookies(pairs.map(([name, value]) => ({ name: name!, value: value!, url })));
    }
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', throttle);
    const scripts = countScripts(session);
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
    const ms = await page.evaluate(paintedAt, selector);
    await page.waitForLoadState('networkidle').catch(() => undefined);
    return { ms, scriptBytes: scripts() };
  } finally {
    await context.close();
  }
}

/**
 * Runs in the page, after its load: when its first text was painted. The page is one piece of HTML, so that the first
 * paint holds the element; that it stood there without scripts is checked by its being server-rendered.
 */
function paintedAt(selector: string): number {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  if (!paint || !document.querySelector(selector)?.textContent) throw new Error(`${selector} is not on the page`);
  return paint.startTime;
}

/** Bytes of JavaScript as sent, compressed, headers left out. */
function countScripts(session: CDPSession): () => number {
  const scripts = new Set<string>();
  const bytes = new Map<string, number>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (/javascript/.test(response.mimeType)) scripts.add(requestId);
  });
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    bytes.set(requestId, (bytes.get(requestId) ?? 0) + encodedDataLength);
  });
  return () => [...scripts].reduce((sum, id) => sum + (bytes.get(id) ?? 0), 0);
}
