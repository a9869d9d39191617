import { readCatalog } from '../../app/catalog/read-catalog.server.ts';
import { initialExposure } from '../../simulator/world/live-services.ts';
import { seedFlags } from '../../simulator/world/seed-unleash.ts';
import { unleashCaller } from '../../simulator/world/unleash-api.ts';

/** Creates the catalog's flags in a new Unleash before the world begins: an old installation, not a change of today. */
export async function seedUnleash(
  unleash: { url: string; adminToken: string },
  catalogDir: string,
  seed: string,
): Promise<void> {
  const call = unleashCaller(unleash.url, { authorization: unleash.adminToken });
  const { flags } = await readCatalog(catalogDir);
  await seedFlags(call, flags, (flag) => initialExposure(seed, flag));
}
