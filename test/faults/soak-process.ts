import pg from 'pg';
import { fileClock } from '#app/platform/clock-file.ts';
import { startProcess } from '../engine/harness.ts';
import { soakActions, soakCatalog } from './soak-world.ts';

// One of several console processes over one database, which is killed whenever the test beside it likes.
const url = process.env.DATABASE_URL!;
const world = new pg.Pool({ connectionString: process.env.OUTSIDE_URL!, max: 6, application_name: 'outside' });
world.on('error', () => undefined);
await startProcess({
  url,
  actions: soakActions(world, 300),
  catalog: soakCatalog,
  clock: fileClock(process.env.FIREBREAK_CLOCK!),
  name: process.env.PROCESS_NAME!,
});
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
