import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { burnText } from '#app/domain/slo/figures.ts';
import { barriers, everyPath, tooFaint, tooWide } from './every-page.ts';
import { count, readFigures, readTable } from './figures.ts';
import { fast, moment, openHouse, patience, words } from './house.ts';
import { firebreakLink, flagInUnleash, thePage } from './outside.ts';

const house = openHouse('bad-flag');
const minute = 60_000;
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Path of the open incident. */
async function incident(): Promise<string> {
  return firebreakLink(house.studio, await thePage(house.studio));
}

describe('figures', () => {
  test('those of the incident agree with each other, with the SLO page, the overview and the plan', async () => {
    const { studio } = house;
    const path = await incident();
    const page = await house.as('ada', path);
    await page.getByRole('link', { name: 'Turn off voiceover-v2' }).first().waitFor();
    const to = await standStill(page);

    // The sentence, its tiles, the windows behind them, and the table that says the same as the chart.
    const { sentence, goneAt, tiles } = await readFigures(page);
    const [bad, total] = tiles['Last 5 min'].note.split(' of ').map(count) as [number, number];
    expect(sentence).toEqual({ burn: tiles['Last 5 min'].value, oneIn: Math.round(total / bad) });
    expect(tiles['Last 5 min'].value).toBe(burnText(bad / total / 0.001));
    expect(tiles.Coverage).toEqual({ value: '100 %', note: new Date(to).toISOString() });
    const table = await readTable(page);
    const settled = table.filter((row) => row.settled);
    expect(settled[0]).toEqual({ at: to - 5 * minute, settled: true, bad, total, burn: tiles['Last 5 min'].value });
    await page.getByText('Why this page, and when it clears').click();
    const windows = await words(page.locator('details', { hasText: 'Why this page' }));
    expect(windows).toContain(`5 min: ${tiles['Last 5 min'].note}`);
    const hour = sum(settled.slice(0, 12));
    const [, badOfHour, totalOfHour] = /1? ?hour: ([\d,]+) of ([\d,]+)/.exec(windows)!;
    expect({ bad: count(badOfHour!), total: count(totalOfHour!) }).toEqual(hour);
    expect(tiles['Last hour'].value).toBe(burnText(hour.bad / hour.total / 0.001));

    // What changed and what fails: counts and what is made of them.
    const suspects = await words(page.getByRole('region', { name: 'What changed, likeliest first' }));
    const cohorts =
      /fails [\d,]+ of [\d,]+ with it on, ([\d,]+) of ([\d,]+) off · after the way back: (?:about )?(.*?×)/.exec(
        suspects,
      )!;
    expect(cohorts[3]).toBe(burnText(count(cohorts[1]!) / count(cohorts[2]!) / 0.001));
    const fails = page.getByRole('region', { name: 'What fails' });
    const [, failed] = /([\d,]+) bad requests from/.exec(await words(fails))!;
    const counts = await fails.locator('ul').first().locator('li > :last-child').allInnerTexts();
    expect(counts.reduce((all, text) => all + count(text), 0)).toBe(count(failed!));

    // The plan, made anew, weighs the same burn.
    await page.getByRole('button', { name: 'Plan again' }).click();
    await page.getByText(`voiceover-availability burns ${sentence.burn} over 5m, over 6×.`).waitFor();

    // The SLO's page and the overview.
    await page.goto(`${studio.url}/slos/voiceover-availability`);
    expect(await readFigures(page)).toEqual({ sentence, goneAt, tiles });
    expect((await readTable(page)).filter((row) => row.settled)[0]).toEqual(settled[0]);
    await page.goto(studio.url);
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'Voiceover answers', exact: true }) });
    expect(await words(row.locator('[data-label="Last 5 min"]'))).toBe(sentence.burn);
    expect(await words(row.locator('[data-label="Last hour"]'))).toBe(tiles['Last hour'].value);
    const budget = row.locator('[data-label="Budget left"]');
    expect(await words(budget)).toContain(`${tiles['Budget left'].value} gone at`);
    expect(Date.parse((await budget.locator('time').getAttribute('datetime')) ?? '')).toBe(goneAt);
    await page.getByRole('heading', { level: 1, name: /^1 of \d SLOs burns too fast$/ }).waitFor();
    expect(await words(page.getByRole('navigation', { name: 'Main' }))).toContain('Incidents 1 open');
    studio.clock.run(1);
  });
});

describe('on every page', () => {
  test.each(['dark', 'light'] as const)(
    'on a phone, %s: nothing sticks out, everything has a name',
    async (colorScheme) => {
      const page = await house.as('ada', '/', { ...phone, colorScheme });
      for (const path of await everyPath(page, await incident())) {
        await page.goto(house.studio.url + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect([path, await tooWide(page)]).toEqual([path, []]);
        expect([path, await barriers(page)]).toEqual([path, []]);
        expect([path, await tooFaint(page)]).toEqual([path, []]);
      }
    },
  );

  test('a deep link survives the sign-in, and a stranger sees nothing', async () => {
    const page = await house.stranger();
    await page.goto(`${house.studio.url}/slos/voiceover-availability?range=6h`);
    expect(await words(page.locator('body'))).not.toContain('Voiceover');
    await house.signIn(page, 'vera');
    expect(page.url()).toBe(`${house.studio.url}/slos/voiceover-availability?range=6h`);
    await page.getByRole('heading', { level: 1, name: 'Voiceover answers' }).waitFor();
  });

  test('a slow page that is used before it is awake takes the first keys and clicks', async () => {
    for (let visit = 0; visit < 4; visit++) {
      const page = await house.stranger();
      const slowly = await page.context().newCDPSession(page);
      await slowly.send('Emulation.setCPUThrottlingRate', { rate: 6 });
      await page.goto(`${house.studio.url}/incidents`, { waitUntil: 'commit' });
      const email = page.getByLabel('Email');
      await email.click();
      await page.getByLabel('Password').click();
      await email.click();
      await house.signIn(page, 'vera');
      await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
    }
  });
});

describe('at 3 a.m.', () => {
  test('on a phone the main action is at the thumb and leads to the plan', async () => {
    const page = await house.as('ada', await incident(), phone);
    const action = page.getByRole('link', { name: 'Turn off voiceover-v2' }).and(page.locator(':visible')).last();
    await action.waitFor();
    expect((await words(action)).match(/voiceover-v2/g)).toHaveLength(1);
    const box = (await action.boundingBox())!;
    expect(box.y).toBeGreaterThan(844 * 0.8);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    expect(box.height).toBeGreaterThanOrEqual(44);
    await action.tap();
    const confirm = page.getByRole('button', { name: 'Turn off and verify' });
    await expect
      .poll(
        async () => {
          const at = (await page
            .getByRole('heading', { name: 'Bring voiceover-v2 to off in production' })
            .boundingBox())!;
          return at.y >= 0 && at.y < 844;
        },
        { timeout: patience },
      )
      .toBe(true);
    expect(await confirm.isEnabled()).toBe(true);
    // The bar leads to where one stands already: it says the same no more, so that the button itself is pressed.
    expect(await page.locator('.thumb a:visible').count()).toBe(0);
  });

  test('by keyboard alone: to the incident, to its plan, to the button, with the focus always seen', async () => {
    const page = await house.as('ada', '/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const palette = page.getByRole('dialog', { name: 'Find or go to' });
    // Keys are heard once the page is awake.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('/');
          return palette.isVisible();
        },
        { timeout: patience, interval: 500 },
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'voiceover is burning its error budget' }).waitFor();
    await page.getByRole('link', { name: 'Turn off voiceover-v2' }).first().waitFor();
    await tabTo(page, 'Turn off voiceover-v2…');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Turn off and verify');
  });
});

describe('without JavaScript', () => {
  const script = { javaScriptEnabled: false };

  test('the incident and its runbook read, the plan is made again, the flag is turned off', async () => {
    const { studio } = house;
    const path = await incident();
    const page = await house.as('ada', path, script);
    await page.getByRole('heading', { level: 1, name: 'voiceover is burning its error budget' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(path);
    const told = await words(page.getByRole('main'));
    expect(told).toMatch(/1 request in \d+ fails: burning [\d.]+×/);
    expect(told).toContain('voiceover-v2 rolled out 5 → 25 % in production');
    expect(told).toMatch(/POST \/v1\/synthesize · 502 · model "v2-large" not found/);
    expect(told).toContain('Undo Restores exactly what is there now: on · 25 % of users by userId.');

    await page.getByRole('link', { name: 'Voiceover is burning its error budget' }).click();
    await page.getByRole('heading', { level: 1, name: 'Voiceover is burning its error budget' }).waitFor();
    const runbook = await words(page.getByRole('main'));
    for (const part of [
      'Meaning',
      'Impact',
      'Diagnosis',
      'Mitigation',
      'Escalation',
      'gcloud run services update-traffic voiceover',
    ]) {
      expect(runbook).toContain(part);
    }
    expect(await page.getByRole('button', { name: 'Open run' }).isEnabled()).toBe(true);

    await page.goto(`${studio.url}${path}?plain=1`);
    expect(await words(page.getByRole('main'))).toContain('Undo Restores exactly what is there now');
    await page.getByRole('button', { name: 'Plan again' }).click();
    await page.getByText('planned, nothing changed yet').waitFor();
    await page.getByRole('button', { name: 'Turn off and verify' }).click();
    await page.getByText(new RegExp(`Confirmed by Ada at ${moment}`)).waitFor();
    expect(new URL(page.url()).pathname).toBe(path);
    await expect
      .poll(() => flagInUnleash(studio, 'voiceover-v2'), { timeout: patience })
      .toMatchObject({ enabled: false });
  });
});

/** Stops the clock where the last five complete minutes are five on the clock; returns the moment up to which data is complete, ms. */
async function standStill(page: Page): Promise<number> {
  const { clock } = house.studio;
  const shown = async () =>
    Date.parse((await page.getByText('data to').locator('time').getAttribute('datetime')) ?? '');
  for (let attempt = 0; attempt < 4; attempt++) {
    // From here on four minutes pass until the next five are complete.
    const wanted = (Math.floor((await shown()) / (5 * minute)) + 1) * 5 * minute;
    clock.run(fast / 5);
    await expect.poll(shown, { timeout: patience }).toBeGreaterThanOrEqual(wanted);
    clock.run(0);
    // What was under way when the clock stopped still comes in.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    if ((await shown()) === wanted) return wanted;
  }
  throw new Error('The clock never stood still at five minutes.');
}

function sum(rows: { bad: number; total: number }[]): { bad: number; total: number } {
  return {
    bad: rows.reduce((all, row) => all + row.bad, 0),
    total: rows.reduce((all, row) => all + row.total, 0),
  };
}

/** Presses Tab until the control of that name has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  const unseen: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const ring = (of: Element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      };
      // A field may leave its ring to the frame around it.
      const seen = ring(element) || ring(element.parentElement!);
      return { name: element.innerText?.trim() ?? '', seen, html: element.outerHTML.slice(0, 80) };
    });
    if (!stop.seen) unseen.push(stop.html);
    if (stop.name === name) {
      expect(unseen).toEqual([]);
      return;
    }
  }
  throw new Error(`Tab does not reach "${name}".`);
}
