import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser, newVisitor, signIn } from '#test/support/browser.ts';
import { type Studio, startStudio } from '#test/support/studio.ts';

/** The people of the demo, by the name that tests call them. */
export type Person = 'ada' | 'grace' | 'linus' | 'vera' | 'root';

/** How long a test waits for what the engine does by itself, wall ms. Generous: the machine may be busy. */
export const patience = 90_000;

/** Data time per wall time while a test waits for data: minutes of proof in seconds. */
export const fast = 60;

/** A moment as a page writes it, in a regular expression: with its day where midnight lies between it and now. */
export const moment = String.raw`(?:\w{3} \d{1,2} \w{3} )?\d\d:\d\d`;

/** One studio and one browser for the tests of a file. */
export interface House {
  readonly studio: Studio;
  /** Somebody who has not signed in, with a browser of their own. */
  stranger(options?: BrowserContextOptions): Promise<Page>;
  /** Somebody signed in, standing on `path`. */
  as(person: Person, path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Fills in and sends the sign-in form that the page shows. */
  signIn(page: Page, person: Person): Promise<void>;
}

/** Starts a studio in the midst of `drill` before the tests of a file. After each test no page may have had a script error or a CSP report. */
export function openHouse(drill: string): House {
  let studio: Studio | undefined;
  let browser: Browser | undefined;
  let visitors: Awaited<ReturnType<typeof newVisitor>>[] = [];

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(drill), launchBrowser()]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && studio) await keep(studio, visitors, task.name);
    const troubles = visitors.flatMap((visitor) => visitor.troubles);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.stop();
  });

  const house: House = {
    get studio() {
      if (!studio) throw new Error('The studio is not up yet.');
      return studio;
    },
    async stranger(options) {
      if (!browser) throw new Error('The browser is not up yet.');
      const visitor = await newVisitor(browser, options);
      visitor.context.setDefaultTimeout(patience);
      visitors.push(visitor);
      return visitor.page;
    },
    async as(person, path, options) {
      const page = await house.stranger(options);
      await page.goto(house.studio.url + path);
      await house.signIn(page, person);
      return page;
    },
    signIn: (page, person) => signIn(page, `${person}@studio.example`, house.studio.world.password),
  };
  return house;
}

/** What a part of the page says, on one line: whatever its line breaks and kinds of space. */
export async function words(part: Locator): Promise<string> {
  return (await part.innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** What a failed test saw last, as pictures, and what the console said meanwhile: kept in `test-results/`. */
async function keep(studio: Studio, visitors: { page: Page }[], test: string): Promise<void> {
  const name = join('test-results', test.replaceAll(/\W+/g, '-').slice(0, 60));
  const pictures = visitors.map(({ page }, index) => page.screenshot({ path: `${name}-${index}.png`, fullPage: true }));
  await Promise.allSettled(pictures);
  mkdirSync('test-results', { recursive: true });
  copyFileSync(join(dirname(studio.clock.path), 'console.log'), `${name}.log`);
}
