import type { Catalog } from '#app/domain/catalog.ts';
import type { ActionName } from '#app/domain/runbook/actions.ts';
import { previousRevision } from '#app/domain/service/rollback.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
import { place } from '../../simulator/github/start.ts';
import type { Outside } from './outside.ts';

/** What the step of one cell is about, beside the world that all cells of a row share. */
export interface Subject {
  /** `with` of the step. */
  input: Record<string, unknown>;
  /** The page that the run's incident has. */
  page?: string;
  /** The flag that the catalog declares. */
  flag?: string;
  /** What an earlier run captured of the target. */
  captured?: unknown;
}

/** One kind of effect that a process may die around. */
export interface Row {
  /** What the table calls it. */
  name: string;
  uses: ActionName;
  direction: 'apply' | 'undo';
  /** Makes a target for one cell, `cell` a name of its own. */
  given(world: Outside, cell: string): Promise<Subject>;
  /** Effects that the step has; 1 unless said. */
  moves?: number;
  /** Around which of them the process dies; the first unless said. */
  dies?: number;
}

const environment = 'production';

const flagState = async ({ outside }: Outside, flag: string) =>
  (await outside.unleash.read.flag(flag)).environments.find((one) => one.environment === environment)!;

async function exposedFlag(): Promise<string> {
  const flag = await createUnleashFlag('killed');
  await rolloutUnleashFlag(flag, environment, 25);
  return flag;
}

const flagRow = (uses: ActionName, direction: Row['direction'], more: Record<string, unknown> = {}): Row => ({
  name: direction === 'undo' ? `${uses}, its undo` : uses,
  uses,
  direction,
  async given(world) {
    const flag = await exposedFlag();
    const set = (on: boolean) => world.outside.unleash.write.setEnabled(flag, environment, on);
    // What is put back lets in fewer people than now.
    if (uses === 'flag.put-back') await set(false);
    const captured = await flagState(world, flag);
    if (uses === 'flag.put-back') await set(true);
    if (uses === 'flag.restore') await set(false);
    return { flag, captured, input: { flag, environment, ...more } };
  },
});

/** A flag whose description in Unleash is not that of its file. */
const defined = (direction: Row['direction']): Row => ({
  name: direction === 'undo' ? 'flag.define, its undo' : 'flag.define',
  uses: 'flag.define',
  direction,
  async given() {
    const flag = await createUnleashFlag('defined');
    return { flag, input: { flag, environment } };
  },
});

/** Traffic as a deploy left it: all of it on LATEST; or pinned to the revision before. */
async function traffic(world: Outside, to: 'latest' | 'previous'): Promise<string> {
  const { cloudRun } = world.outside;
  const [revisions, { etag }] = await Promise.all([
    cloudRun.read.revisions(world.service),
    cloudRun.read.service(world.service),
  ]);
  const previous = previousRevision(revisions, revisions[0]!.name)!.name;
  const revision = to === 'latest' ? null : previous;
  await cloudRun.write.setTraffic(world.service, [{ revision, percent: 100, tag: null }], {
    etag,
    validateOnly: false,
  });
  return previous;
}

const trafficRow = (
  name: string,
  to: 'previous' | 'LATEST',
  direction: Row['direction'],
  more: Pick<Row, 'moves' | 'dies'> & { input?: Record<string, unknown> } = {},
): Row => ({
  name: `cloudrun.traffic ${name}`,
  uses: 'cloudrun.traffic',
  direction,
  ...more,
  async given(world) {
    const previous = await traffic(world, to === 'LATEST' ? 'previous' : 'latest');
    return { input: { service: 'shop', to: to === 'LATEST' ? to : previous, percent: 100, ...more.input } };
  },
});

const putBack = (direction: Row['direction']): Row => ({
  name: direction === 'undo' ? 'cloudrun.put-back, its undo' : 'cloudrun.put-back',
  uses: 'cloudrun.put-back',
  direction,
  async given(world) {
    const previous = await traffic(world, 'latest');
    return { captured: [{ revision: previous, percent: 100, tag: null }], input: { service: 'shop', run: 'earlier' } };
  },
});

const plain = (uses: ActionName, input: Record<string, unknown>, name: string = uses): Row => ({
  name,
  uses,
  direction: 'apply',
  given: async () => ({ input }),
});

const onPage = (uses: ActionName, input: Record<string, unknown> = {}): Row => ({
  name: uses,
  uses,
  direction: 'apply',
  given: async (world, cell) => ({ page: await world.page(cell), input }),
});

const dispatch = (direction: Row['direction']): Row => ({
  name: direction === 'undo' ? 'github.dispatch, its undo' : 'github.dispatch',
  uses: 'github.dispatch',
  direction,
  given: async () => ({ input: { ...place, ref: 'main', inputs: { queue: 'render' } } }),
});

const twoMoves = { moves: 2, input: { first: 5, hold: '1m' } };

/** Every action of the catalogue, and each of its forms that ends in another way. An action without a row fails the test beside this. */
export const rows: Row[] = [
  flagRow('flag.kill', 'apply'),
  flagRow('flag.kill', 'undo'),
  flagRow('flag.restore', 'apply'),
  flagRow('flag.restore', 'undo'),
  flagRow('flag.expose', 'apply', { percent: 50 }),
  flagRow('flag.expose', 'undo', { percent: 50 }),
  flagRow('flag.put-back', 'apply', { run: 'earlier' }),
  flagRow('flag.put-back', 'undo', { run: 'earlier' }),
  defined('apply'),
  defined('undo'),
  putBack('apply'),
  putBack('undo'),
  trafficRow('back', 'previous', 'apply'),
  trafficRow('back, its undo', 'previous', 'undo'),
  trafficRow('to LATEST', 'LATEST', 'apply'),
  trafficRow('to LATEST, its undo', 'LATEST', 'undo'),
  trafficRow('in two moves, the first', 'previous', 'apply', { ...twoMoves, dies: 1 }),
  trafficRow('in two moves, the second', 'previous', 'apply', { ...twoMoves, dies: 2 }),
  dispatch('apply'),
  dispatch('undo'),
  plain('http.request', { endpoint: 'queue', body: { text: 'pause' } }),
  plain('http.request', { endpoint: 'queue-with-keys', body: { text: 'pause' } }, 'http.request under a key'),
  plain('notify', { to: 'incidents', text: 'We are on it.' }),
  plain('notify', { to: 'board', text: 'We are on it.' }, 'notify under a key'),
  onPage('snooze', { for: '30m' }),
  onPage('pagerduty.note', { text: 'We are on it.' }),
  onPage('pagerduty.acknowledge'),
  onPage('pagerduty.escalate'),
  onPage('pagerduty.resolve'),
  plain('manual', { ask: 'Call the vendor.' }),
  plain('wait', { for: '1m' }),
  plain('slo.check', { slo: 'shop-availability' }),
  plain('logs.query', { service: 'shop' }),
  plain('metrics.query', { service: 'shop', filter: 'metric.type="x"' }),
  plain('http.probe', { endpoint: 'health' }),
  flagRow('flag.inspect', 'apply'),
  plain('cloudrun.inspect', { service: 'shop' }),
];

/** What a cell's catalog declares for it. */
export function declaredFor(base: Catalog, { flag }: Subject): Catalog {
  if (flag === undefined) return base;
  const environments = [{ name: environment, protected: true }];
  return { ...base, flags: [{ ...base.flags[0]!, name: flag, safe: { state: 'off' }, environments }] };
}
