import type { Page } from 'playwright-core';

/** Paths of every page of the console, as somebody signed in finds them while an incident stands at `incident`. */
export async function everyPath(page: Page, incident: string): Promise<string[]> {
  await page.goto(new URL(incident, page.url()).href);
  const run = await page.locator('a[href^="/runs/"]').first().getAttribute('href');
  return [
    incident,
    run!.split('#')[0]!,
    `${run!.split('#')[0]!}?by=hand`,
    ...[
      '/',
      '/incidents',
      '/services',
      '/services/voiceover',
      '/slos',
      '/slos/voiceover-availability?range=6h',
      '/slos/voiceover-availability/what-if?objective=99',
      '/statement',
      '/shadow',
      '/flags',
      '/flags/voiceover-v2?ask=1&c.userId=ada',
    ],
    ...[
      '/approvals',
      '/freezes',
      '/panic',
      '/change-requests',
      '/rollouts',
      '/rollouts/new',
      '/rollouts/new?flag=render-worker-gpu-batching',
    ],
    ...[
      '/runbooks',
      '/runbooks/voiceover-burn',
      '/runs',
      '/follow-ups',
      '/silences',
      '/deliveries',
      '/audit',
      '/search?q=voice',
      '/nothing-here',
    ],
  ];
}

/** What is wrong with a page for somebody who does not see it or uses no mouse, a line each; empty when nothing is. */
export function barriers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const say = (element: Element, what: string) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].filter(shown);

    const headings = all('h1').length;
    if (headings !== 1) found.push(`${headings} headings of the first level`);
    if (all('main').length !== 1) found.push('not one main part');
    if (!document.documentElement.lang) found.push('no language');
    if (!document.title) found.push('no title');
    for (const field of all('input:not([type=hidden]), select, textarea') as HTMLInputElement[]) {
      const label = [...(field.labels ?? [])].map((each) => each.innerText.trim()).join('');
      if (!label && !field.ariaLabel) say(field, 'a field without a label');
    }
    for (const control of all('a[href], button, summary')) {
      const name = control.innerText.trim() || control.ariaLabel || control.querySelector('img, svg')?.ariaLabel;
      if (!name) say(control, 'a control without a name');
    }
    for (const image of all('img:not([alt]), svg[role=img]:not([aria-label])')) say(image, 'a picture without words');
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of ids.filter((each, index) => ids.indexOf(each) !== index)) found.push(`the id ${id} twice`);
    return found;
  });
}

/** What sticks out to the right of the screen, so that one has to scroll sideways, also once every fold is open. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true;
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !element.closest('.scroll-x, pre, .diff'),
    );
    return [
      `${document.documentElement.scrollWidth} px on ${width} px`,
      ...wide.slice(-3).map((each) => each.outerHTML.slice(0, 120)),
    ];
  });
}

/** Texts that are too faint for their ground, with their contrast: under 4.5, or under 3 for large letters. */
export function tooFaint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Colour = [number, number, number, number];
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const parse = (colour: string): Colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Colour, ground: Colour): Colour => {
      const mix = (index: 0 | 1 | 2) => top[index] * top[3] + ground[index] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const groundOf = (element: Element): Colour => {
      const own = parse(getComputedStyle(element).backgroundColor);
      if (own[3] === 1) return own;
      return over(own, element.parentElement ? groundOf(element.parentElement) : [255, 255, 255, 1]);
    };
    const light = ([r, g, b]: Colour) => {
      const part = (value: number) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const element = text.parentElement;
      if (!element || !text.textContent?.trim() || element.closest('svg, script, style, .sr-only, [disabled]'))
        continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const style = getComputedStyle(element);
      const ground = groundOf(element);
      const [a, b] = [light(over(parse(style.color), ground)), light(ground)].sort((x, y) => y - x) as [number, number];
      const contrast = (a + 0.05) / (b + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (contrast < (large ? 3 : 4.5)) found.add(`${contrast.toFixed(2)} ${text.textContent.trim().slice(0, 40)}`);
    }
    return [...found];
  });
}

/** Everything that keeps somebody from reading or using a page, on a desk and on a phone, a line each. */
export async function hindrances(page: Page): Promise<string[]> {
  const desk = page.viewportSize();
  const found = [...(await barriers(page)), ...(await tooFaint(page))];
  await page.setViewportSize({ width: 390, height: 844 });
  const folds = page.locator('main details');
  const open = await folds.evaluateAll((all) => all.map((fold) => (fold as HTMLDetailsElement).open));
  found.push(...(await tooWide(page)));
  // The page stays as it was found.
  await folds.evaluateAll((all, were) => {
    for (const [index, fold] of all.entries()) (fold as HTMLDetailsElement).open = were[index] ?? false;
  }, open);
  if (desk) await page.setViewportSize(desk);
  return found;
}
