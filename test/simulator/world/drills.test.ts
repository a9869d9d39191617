import { describe, expect, test } from 'vitest';
import { type DrillName, drillNames, planDrill } from '#simulator/world/drills.ts';
import { liveServices } from '#simulator/world/live-services.ts';
import { shop, shopCatalog, studio } from '../support/studio.ts';

const at = 1_000_000;

describe('in the studio', async () => {
  const catalog = await studio();
  const live = liveServices(catalog);
  const plan = (name: DrillName) => planDrill(name, at, catalog, live);

  test('three services run', () => {
    expect(live.map((service) => service.id).sort()).toEqual(['render-worker', 'studio-api', 'voiceover']);
  });
  test('the bad flag is the one with a named owner, who turns it', () => {
    expect(plan('bad-flag')).toMatchObject({ service: 'voiceover', flag: 'voiceover-v2' });
    const turn = plan('bad-flag').steps.find((step) => step.do === 'exposure');
    expect(turn).toMatchObject({ at, by: 'linus@studio.example', rollout: 25 });
  });
  test('the flag does its harm after it was turned, so that the change comes before the first errors', () => {
    expect(plan('bad-flag').steps.map((step) => step.do)).toEqual(['exposure', 'harm']);
  });
  test('a provider outage is spared by the fallback alone, whatever flag or revision', () => {
    const [step] = plan('provider-outage').steps;
    expect(step).toMatchObject({
      harm: { service: 'voiceover', flag: null, revision: null, sparedBy: 'voiceover-fallback' },
    });
  });
  test('a storm strikes several services and no fallback helps', () => {
    const steps = plan('storm').steps.flatMap((step) => (step.do === 'harm' ? [step.harm] : []));
    expect(new Set(steps.map((harm) => harm.service)).size).toBeGreaterThan(1);
    expect(steps.every((harm) => harm.sparedBy === null)).toBe(true);
  });
  test('a blackout begins after the page has gone out', () => {
    const blackout = plan('monitoring-blackout').steps.find((step) => step.do === 'blackout');
    // 60 % of the requests at 10.4 % failures burn 62×: 14.4× over an hour after 14 min, seen 5 min later.
    expect(blackout!.at - at).toBeGreaterThan(20 * 60_000);
    expect(blackout!.at - at).toBeLessThan(30 * 60_000);
  });
  test('quiet does nothing', () => {
    expect(plan('quiet').steps).toEqual([]);
  });
});

test.each(drillNames)('%s also works for a catalog of another kind', (name) => {
  const plan = planDrill(name, at, shopCatalog, [shop]);
  expect(plan.steps.length > 0).toBe(name !== 'quiet');
});

test('a drill says what the catalog lacks', () => {
  expect(() => planDrill('bad-flag', at, { ...shopCatalog, flags: [] }, [{ ...shop, flags: [] }])).toThrow(/flag/);
  expect(() => planDrill('provider-outage', at, { ...shopCatalog, services: [] }, [shop])).toThrow(/provider/);
});
