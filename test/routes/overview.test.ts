import { describe, expect, test } from 'vitest';
import { blind } from '../support/pages/blind.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, history, now, quietWorld } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world);

describe('overview', () => {
  test('what burns comes first, with the open incident and the changes', async () => {
    const { text } = await get('/');
    expect(text).toContain('1 of 3 SLOs burns too fast');
    expect(text).toMatch(/voiceover availability (voiceover ){2}▲ Page · fast burn 26.2×.*studio api-availability/);
    expect(text).toContain('voiceover-v2 rolled out 5 → 25 %');
  });

  test('a quiet night', async () => {
    const { text } = await get('/', quietWorld());
    expect(text).toContain('Nothing burns');
    expect(text).toContain('Nothing is left behind');
  });

  test('once the engine has stopped, nobody knows whether anything burns, and all figures are as old as the oldest', async () => {
    const dead = { ...quietWorld(), now: now + 20 * 60_000 };
    const { text } = await get('/', dead);
    expect(text).toContain('3 of 3 SLOs are blind: nobody knows whether they burn');
    expect(text).not.toContain('Nothing burns');
    expect(text).not.toContain('within budget');
    const late = quietWorld();
    const evaluation = late.histories['voiceover-latency']!.evaluation;
    Object.assign(evaluation, { dataTo: now - 6 * 60_000 });
    expect((await get('/', late)).html).toMatch(/data to <time[^>]*dateTime="2026-11-22T03:20:00/i);
    expect((await get('/slos/voiceover-availability', dead)).text).toContain('Nobody evaluates this');
  });

  test('an SLO that has overspent its budget is not called within it, however calm it is now', async () => {
    const world = quietWorld();
    const spell = { from: now - 9 * 86_400_000, to: now - 8 * 86_400_000, ratio: 0.31 };
    world.histories['voiceover-latency'] = history('voiceover-latency', [spell]);
    for (const path of ['/', '/slos', '/services/voiceover']) {
      const { text } = await get(path, world);
      expect(text).toMatch(/voiceover latency (voiceover ){0,2}! budget gone, calm now 0× 0(\.\d)?× −/);
    }
  });

  test('a blind hour is no data, never no traffic, and neither over nor under a bound', async () => {
    const hourAgo = now - 65 * 60_000;
    const world = blind(burningWorld(), hourAgo, 'voiceover-availability', 'studio-api-availability');
    expect((await get('/', world)).text).toMatch(
      /studio api-availability (studio-api ){2}! no data no data no data \d+ %/,
    );
    const slo = await get('/slos/voiceover-availability', world);
    expect(slo.text).toContain('Last hour no data bound 14.4×');
    expect(slo.text).toMatch(/Page · fast burn 14\.4× no data \w+: 0 of 0/);
    const service = await get('/services/voiceover', world);
    expect(service.text).toMatch(/Depends on .*studio-api no data/);
    for (const { text } of [slo, service]) expect(text).not.toMatch(/no traffic|no data (over|under)/);
  });

  test('of a thousand SLOs it draws what burns and the first 25 rows', async () => {
    const world = burningWorld();
    const one = world.catalog!.slos[2]!;
    world.catalog!.slos.push(...Array.from({ length: 200 }, (_, i) => ({ ...one, id: `slo-${i}`, title: `slo ${i}` })));
    const { html, text } = await get('/', world);
    expect(html.match(/<tr>/g)!.length).toBe(26);
    expect(text).toContain('all 203 →');
  });
});
