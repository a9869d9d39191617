import { describe, expect, test } from 'vitest';
import { aWorld, play, visibleHarm } from './world.ts';

const worlds = Array.from({ length: 500 }, (_, seed) => {
  const world = aWorld(seed);
  const { looks, firstPoint } = play(world, seed);
  return { seed, world, looks, end: looks.at(-1)!, firstPoint };
});
const of = (effect: string) => worlds.filter(({ world }) => world.effect === effect);

describe('500 random worlds: onset, rates, traffic, poll intervals, points 60–240 s late and out of order', () => {
  test('no false "improved": what did not help, or harmed, is never verified', () => {
    const wrong = worlds.filter(({ world, end }) => world.effect !== 'works' && end.outcome === 'improved');
    expect(wrong.map(({ seed }) => seed)).toEqual([]);
  });

  test('a kill that works is never called not improved, nor worse', () => {
    const wrong = of('works').filter(({ end }) => end.outcome === 'not_improved' || end.outcome === 'worse');
    expect(wrong.map(({ seed, end }) => [seed, end.text])).toEqual([]);
  });

  test('a kill that works is verified at its first informative minutes wherever there is traffic to prove it', () => {
    const proven = of('works').filter(({ world }) => world.burning * world.traffic >= 20 && world.traffic >= 3000);
    expect(proven.length).toBeGreaterThan(30);
    for (const { seed, end, world } of proven) {
      expect([seed, end.outcome]).toEqual([seed, 'improved']);
      expect(end.lookedAt - end.firstInformativeAt, `world ${seed}`).toBeLessThan(240_000 + world.poll);
    }
  });

  test('one that harms is called worse within 90 s of the first provisional minute, where one minute can show it', () => {
    const visible = of('harms').filter(({ world }) => visibleHarm(world) >= 40);
    expect(visible.length).toBeGreaterThan(80);
    for (const { seed, end, firstPoint } of visible) {
      expect([seed, end.outcome]).toEqual([seed, 'worse']);
      expect(end.lookedAt - firstPoint, `world ${seed}`).toBeLessThanOrEqual(90_000);
    }
  });

  test('harm is nearly always seen before its minutes have settled, and marked as provisional', () => {
    const visible = of('harms').filter(({ world }) => visibleHarm(world) >= 40);
    expect(visible.filter(({ end }) => end.provisional).length).toBeGreaterThan(visible.length * 0.95);
    for (const { end } of visible) if (end.provisional) expect(end.text).toMatch(/still coming in/);
  });

  test('one that does nothing is called so at its deadline, never worse', () => {
    const plain = of('nothing').filter(({ world }) => world.burning * world.traffic >= 20);
    expect(plain.length).toBeGreaterThan(80);
    for (const { seed, end } of plain) {
      expect([seed, end.outcome]).toEqual([seed, 'not_improved']);
      expect(end.lookedAt).toBeGreaterThanOrEqual(end.deadline);
    }
    expect(of('nothing').filter(({ end }) => end.outcome === 'worse')).toEqual([]);
  });
});
