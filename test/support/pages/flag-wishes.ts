import type { Stores } from '#app/stores/stores.ts';
import type { Told } from './stores.ts';
import type { World } from './world.ts';

/** What is asked of flags in a world: reads answer from it, wishes are remembered. */
export function fakeWishes(world: World, told: Told): Pick<Stores, 'flagSchedules' | 'changeRequests'> {
  const schedules = world.schedules ?? [];
  const requests = world.requests ?? [];
  return {
    flagSchedules: {
      of: async (flag) => schedules.filter((each) => each.flag === flag),
      waiting: async () => schedules.filter(({ state }) => state === 'waiting'),
      make: async (wanted, { actor }) => {
        told.push({ what: 'schedule', with: { ...wanted, by: actor.email } });
        return 'schedule-new';
      },
      cancel: async (id, { actor }) => {
        told.push({ what: 'unschedule', with: { id, by: actor.email } });
        return true;
      },
    },
    changeRequests: {
      open: async () => requests.filter(({ state }) => state === 'open'),
      answered: async () => requests.filter(({ state }) => state !== 'open'),
      get: async (id) => requests.find((each) => each.id === id) ?? null,
      ask: async (wanted, { actor }) => {
        told.push({ what: 'ask', with: { ...wanted, by: actor.email } });
        return 'request-new';
      },
      answer: async (id, how, { actor }) => {
        told.push({ what: 'answer', with: { id, ...how, by: actor.email } });
        return true;
      },
      expire: async () => 0,
    },
  };
}
