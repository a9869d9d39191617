import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild } from './supervisor/build.ts';
import { storedClock } from './supervisor/clock.ts';
import { leftOver, remember } from './supervisor/left-over.ts';
import { demoPeople } from './supervisor/people.ts';
import { playDrill } from './supervisor/play.ts';
import { removePostgres } from './supervisor/postgres-home.ts';
import { root } from './supervisor/process.ts';
import { createProgress } from './supervisor/progress.ts';
import { keepConsoleUp } from './supervisor/restart.ts';
import { ownCatalog, startWorld } from './supervisor/world.ts';

/** `npm run demo`: the whole of Firebreak and a world to watch, on this machine alone. */
const drills = [
  'bad-flag',
  'bad-revision',
  'provider-outage',
  'monitoring-blackout',
  'traffic-vanished',
  'storm',
  'quiet',
];
const historyMs = 45 * 60_000;

const { values } = parseArgs({
  options: {
    drill: { type: 'string' },
    reset: { type: 'boolean', default: false },
    speed: { type: 'string', default: '1' },
    port: { type: 'string' },
    data: { type: 'string', default: join(root, '.firebreak', 'demo') },
    help: { type: 'boolean', default: false },
  },
});
const speed = Number(values.speed);
const port = values.port === undefined ? null : Number(values.port);
if (values.help) {
  process.stdout.write(`npm run demo -- [--drill ${drills.join('|')}] [--reset] [--speed N] [--port N] [--data DIR]\n`);
  process.exit(0);
}
if (values.drill !== undefined && !drills.includes(values.drill)) fail(`--drill is one of ${drills.join(', ')}`);
if (!(speed > 0 && speed <= 200)) fail('--speed is a number over 0 and up to 200');
if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65536)) fail('--port is a TCP port');

const dataDir = values.data;
const pidFile = join(dataDir, 'demo.pid');
const running = leftOver(pidFile, 'scripts/demo.ts');
if (running !== null)
  fail(`A demo runs in ${dataDir} already (process ${running}). Stop it first, or give this one a folder: --data DIR`);
if (values.reset) {
  removePostgres(join(dataDir, 'postgres'));
  rmSync(dataDir, { recursive: true, force: true });
}

const progress = createProgress(process.stderr);
const stops: (() => Promise<void>)[] = [];
let stopping = false;
process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));

try {
  progress.step('Building the console', () => ensureBuild(() => undefined));
  mkdirSync(dataDir, { recursive: true });
  remember(pidFile, process.pid);
  const clock = storedClock(join(dataDir, 'clock.json'), historyMs);
  const first = clock.before() || clock.frozen();
  // At another speed the world goes on only once everybody is up; until then it stands still or runs at 1.
  if (!first) clock.run(1);
  const world = await progress.wait('Starting PostgreSQL, Unleash and the simulated world', () =>
    startWorld({ dataDir, clock, catalog: ownCatalog, seed: 'studio', port, log: progress.detail }),
  );
  stops.push(world.stop, async () => clock.run(1));
  const up = await progress.wait('Starting the console', () =>
    keepConsoleUp(world.consoleEnv, dataDir, progress.detail),
  );
  stops.push(up.stop);
  if (first || values.drill) {
    await playDrill({ world, clock, drill: values.drill ?? 'bad-flag', speed, historyMs, progress });
  } else if (speed !== 1) clock.run(speed);
  progress.done();
  process.stdout.write(welcome(world.consoleEnv.FIREBREAK_BASE_URL ?? '', world.password, world.simulator.http, first));
} catch (error) {
  progress.fail((error as Error).message);
  await stopAll(1);
}

async function stopAll(code: number): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  process.stderr.write('\nStopping …\n');
  for (const stop of stops.reverse()) await stop().catch(() => undefined);
  process.exit(code);
}

function welcome(url: string, password: string, simulatorPort: number, first: boolean): string {
  return `
  Firebreak is up:   ${url}

  Sign in with       password ${password}${first ? '' : ', or the one that you changed yours to'}
${demoPeople.map(({ name, role, email }) => `    ${email.padEnd(24)} ${name}, ${role}`).join('\n')}

  The page came by PagerDuty, simulated too:   http://127.0.0.1:${simulatorPort}/
  Logs and data are in ${dataDir}. Ctrl-C stops everything; --reset starts over.
`;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
