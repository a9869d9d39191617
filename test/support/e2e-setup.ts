import { ensureBuild } from '#scripts/supervisor/build.ts';
import { unpackBrowser } from './browser.ts';

/** What all browser stories use is there before the first of them: the built console and the browser. Each has a world of its own. */
export default async function setup(): Promise<void> {
  ensureBuild(() => undefined);
  await unpackBrowser();
}
