import { describe, expect, test } from 'vitest';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world, { as: 'viewer' });

describe('what if an SLO were set otherwise', () => {
  const page = '/slos/voiceover-availability/what-if';

  test('as it is nothing is gained or lost, and the budget is the one of its page', async () => {
    const { text } = await get(page);
    expect(text).toContain('nothing gained, nothing lost');
    const [, left, events] = /With the change 2 0 (\d+) % of the month's budget ([\d,]+) of/.exec(text)!;
    const slo = await get('/slos/voiceover-availability');
    expect(slo.text).toContain(`Budget left ${left} %`);
    expect(slo.text).toContain(`${events} failures left`);
  });

  test('a looser objective loses the page that a stricter one has', async () => {
    const { text } = await get(`${page}?objective=99`);
    expect(text).toContain('1 page lost; 1 stays');
    expect(text).toMatch(/lost Sun 22 Nov 03:18 Page · fast burn, goes on no page/);
  });

  test('keeps what was typed, and says at the field what is wrong with it', async () => {
    const { status, html, text } = await get(`${page}?objective=101&days=7`);
    expect(status).toBe(200);
    expect(html).toContain('value="101"');
    expect(html).toMatch(/<option value="7" selected="">/);
    expect(text).toContain('A share in per cent over 0 and under 100');
    expect(text).not.toContain('Pages, one by one');
  });

  test('a setting that can never page says so', async () => {
    expect((await get(`${page}?objective=90&days=90`)).text).toContain('it can never fire');
  });

  test('before anything is stored there is a form and a word', async () => {
    const { status, text } = await get(page, { ...burningWorld(), histories: {} });
    expect([status, text.includes('Nothing is stored yet')]).toEqual([200, true]);
  });
});
