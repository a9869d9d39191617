import chromiumBinary from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A headless Chromium: from npm on Linux x64, the installed Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    return chromium.launch({ executablePath: await chromiumBinary.executablePath(), args: ['--no-sandbox'] });
  }
  return chromium.launch({ channel: 'chrome' });
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
