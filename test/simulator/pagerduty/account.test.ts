import { expect, test } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { accountOf, checkService, strangeService } from '#simulator/pagerduty-account.ts';
import { studioFolder } from '#test/catalog/studio.ts';

test('PagerDuty has every service of the catalog, and two that the catalog does not know', async () => {
  const catalog = await readCatalog(studioFolder);
  const known = catalog.services.flatMap(({ pagerDutyService }) => pagerDutyService ?? []);
  const ids = accountOf(catalog).services.map(({ id }) => id);
  expect(ids).toEqual([...known, strangeService.id, checkService.id]);
  expect(known).not.toContain(strangeService.id);
});
