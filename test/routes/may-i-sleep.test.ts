import { describe, expect, test } from 'vitest';
import { visit } from '../support/pages/visit.ts';
import { history, now, type World } from '../support/pages/world.ts';
import { actingWorld, stormWorld, verifiedWorld } from '../support/pages/worlds.ts';

const page = '/incidents/inc-1';

describe('may I sleep, after the kill', () => {
  const sleep = async (world: World) => /May I sleep\? (.*?) Pages again/.exec((await visit(page, world)).text)?.[1];
  const alert = (slo: string, clearedAt: number | null = null) => {
    const tier = 'page-fast' as const;
    return {
      id: slo,
      slo,
      service: 'voiceover',
      tier,
      peakTier: tier,
      openedAt: now,
      clearedAt,
      incidentId: 'inc-1',
    };
  };
  const calm = (slo: string) => history(slo, [{ from: now - 42 * 60_000, to: now - 30 * 60_000, ratio: 0.026 }]);

  test('while it burns: when the page clears', async () => {
    expect(await sleep(actingWorld())).toMatch(
      /^voiceover availability clears at about 03:\d\d if the change holds\.$/,
    );
  });

  test('once the source goes blind nobody knows, and the page stands', async () => {
    const world = actingWorld();
    world.histories['voiceover-availability'] = calm('voiceover-availability');
    const { evaluation } = world.histories['voiceover-availability'];
    Object.assign(evaluation, { condition: 'no-data' });
    expect(evaluation.tier).toBeNull();
    expect(await sleep(world)).toBe(
      'Not known: no data says whether voiceover availability still burns, and its page stands until some does.',
    );
  });

  test('a page that is held for want of known minutes has not cleared', async () => {
    const world = actingWorld();
    world.histories['voiceover-availability'] = calm('voiceover-availability');
    expect(await sleep(world)).toBe(
      'Not yet: voiceover availability is under its bounds on the data there is, and pages until more of it proves that.',
    );
  });

  test('when it burns again after it had cleared, it does not say sleep well', async () => {
    const world = verifiedWorld();
    world.histories['voiceover-availability'] = history('voiceover-availability', [
      { from: now - 12 * 60_000, to: now, ratio: 0.03 },
    ]);
    expect(await sleep(world)).toMatch(
      /^Not so sure: the page had cleared, and voiceover availability burns [\d.]+× again over the last 5 min\.$/,
    );
  });

  test('while another SLO of it pages, it is named', async () => {
    const world = { ...actingWorld(), histories: stormWorld().histories };
    world.incidents[0]!.children = ['studio-api'];
    world.histories['voiceover-availability'] = calm('voiceover-availability');
    world.alerts = { 'inc-1': [alert('voiceover-availability', now), alert('studio-api-availability')] };
    expect(await sleep(world)).toBe(
      'Not yet: voiceover availability has cleared, studio api-availability still pages.',
    );
  });

  test('once all of its alerts have cleared, what still stands is PagerDuty’s', async () => {
    const world = actingWorld();
    world.histories['voiceover-availability'] = calm('voiceover-availability');
    world.alerts = { 'inc-1': [alert('voiceover-availability', now)] };
    expect(await sleep(world)).toBe('Our alerts have cleared; the incident stands until it is resolved in PagerDuty.');
  });
});
