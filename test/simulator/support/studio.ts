import { fileURLToPath } from 'node:url';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import type { LiveService } from '#simulator/world/seams.ts';

/** The repository's own catalog. */
export const studio = () => readCatalog(fileURLToPath(new URL('../../..', import.meta.url)));

/** A service of nobody's studio, with one flag. */
export const shop: LiveService = {
  id: 'checkout',
  title: 'Checkout',
  owner: 'shop',
  target: { project: 'shop', region: 'us-east1', service: 'checkout-run' },
  pagerDutyService: null,
  dependsOn: ['bank'],
  queues: [],
  flags: [
    {
      name: 'one-click',
      title: 'One click',
      description: '',
      type: 'release',
      owners: ['shop'],
      service: 'checkout',
      slos: ['checkout-availability'],
      safe: { state: 'off' },
      environments: [{ name: 'production', protected: true }],
      expires: null,
      cohort: null,
    },
  ],
};

const slo = (id: string, objective: number, indicator: Slo['indicator']): Slo => ({
  id,
  title: id,
  description: '',
  service: 'checkout',
  objective,
  period: { kind: 'rolling', days: 30 },
  indicator,
  profile: 'default',
  paging: 'firebreak',
  runbook: null,
  minBadEvents: 0,
  settle: 240_000,
});
const source = { project: 'shop', filter: '' };

/** Its promises: 99.9 % without a server error, 99 % under 500 ms. */
export const shopSlos: Slo[] = [
  slo('checkout-availability', 0.999, { kind: 'ratio', total: source, bad: source }),
  slo('checkout-latency', 0.99, { kind: 'latency', source: { ...source, min: null, max: 500 } }),
];

/** A catalog with the shop alone. */
export const shopCatalog: Catalog = {
  digest: '',
  organisation: 'Shop',
  services: [
    {
      id: 'bank',
      title: 'Bank',
      description: '',
      owner: '',
      kind: 'provider',
      cloudRun: null,
      pagerDutyService: null,
      dependsOn: [],
      runbook: null,
    },
    {
      id: 'checkout',
      title: 'Checkout',
      description: '',
      owner: 'shop',
      kind: 'cloud-run',
      cloudRun: shop.target,
      pagerDutyService: null,
      dependsOn: ['bank'],
      runbook: null,
    },
  ],
  slos: shopSlos,
  profiles: {},
  flags: shop.flags,
  runbooks: [],
  problems: [],
};
