import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { createOutside } from '#app/clients/outside.server.ts';
import { type Config, ConfigError, readConfig, secretsOf } from '#app/config.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { plural } from '#app/domain/plural.ts';
import { type Clock, systemClock } from '#app/platform/clock.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createRedactor } from '#app/platform/redact.ts';
import type { Command, Terminal } from './command.ts';
import { databaseFindings } from './doctor-database.ts';
import { deadManFinding } from './doctor-dead-man.ts';
import { type Finding, ok, problem, skipped } from './doctor-finding.ts';
import { pagerDutyFindings, sourceFindings, unleashFindings } from './doctor-systems.ts';
import { printable } from './printable.ts';

const help = `firebreak doctor [--json]

Looks at everything the console stands on, with the settings of its environment, and says of each thing whether it is right and
how to mend it: settings, catalog, database, clocks, the sources of the SLOs, Unleash, PagerDuty, the dead-man's switch. It reads
only: nothing is written, nobody is paged, the outside check is not pinged.

  --json   {"ok", "findings": [{"check", "state": "ok"|"problem"|"skipped", "text", "mend"}]}

Exit code: 0 nothing wrong, 1 something is wrong, 2 wrong arguments.`;

/** `firebreak doctor`: what would keep the console from watching, paging or being missed. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Look at settings, database, sources, Unleash, PagerDuty and the dead-man’s switch',
  help,
  async run(args, terminal) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const redactor = createRedactor();
    const found = (await examine(terminal.env, redactor)).map((finding) => ({
      ...finding,
      text: redactor.text(finding.text),
    }));
    const wrong = found.filter(({ state }) => state === 'problem').length;
    if (values.json) terminal.out(JSON.stringify({ ok: wrong === 0, findings: found }, null, 2));
    else for (const line of inWords(found, wrong)) terminal.out(printable(line));
    return wrong === 0 ? 0 : 1;
  },
};

async function examine(env: Terminal['env'], redactor: ReturnType<typeof createRedactor>): Promise<Finding[]> {
  const settings = settingsOf(env);
  const folder = resolve(env.FIREBREAK_CATALOG?.trim() || '.');
  const { finding, catalog } = await catalogOf(folder);
  if ('wrong' in settings) {
    const rest = ['database', 'sources', 'Unleash', 'PagerDuty', 'dead-man’s switch'];
    return [
      ...settings.wrong,
      finding,
      ...rest.map((check) => skipped(check, 'Not looked at: the settings are wrong.')),
    ];
  }
  const { config } = settings;
  for (const secret of secretsOf(config)) redactor.add(secret);
  const clock: Clock & { close?(): void } = config.FIREBREAK_CLOCK ? fileClock(config.FIREBREAK_CLOCK) : systemClock;
  const outside = createOutside(config, clock, createMetrics(), redactor.text);
  try {
    const found = await Promise.all([
      databaseFindings(config, clock.wall),
      sourceFindings(catalog, outside, clock.now()),
      unleashFindings(config, outside, clock.wall),
      pagerDutyFindings(config),
      deadManFinding(config),
    ]);
    return [settings.right, finding, ...found.flat()];
  } finally {
    await outside.close();
    clock.close?.();
  }
}

function settingsOf(env: Terminal['env']): { config: Config; right: Finding } | { wrong: Finding[] } {
  try {
    const config = readConfig(env);
    return { config, right: ok('settings', `All are there; FIREBREAK_MODE is ${config.FIREBREAK_MODE}.`) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const wrong = error.problems.map(({ name, message }) =>
      problem('settings', `${name}: ${message}.`, 'docs/operating.md says what each setting means.'),
    );
    return { wrong };
  }
}

async function catalogOf(folder: string): Promise<{ finding: Finding; catalog: Catalog }> {
  const catalog = await readCatalog(folder);
  const errors = catalog.problems.filter(({ severity }) => severity === 'error').length;
  const { slos, services } = catalog;
  const holds = `${plural(slos.length, 'SLO')} of ${plural(services.length, 'service')} in ${folder}`;
  const mend = `firebreak check ${folder} names each with file, line and column.`;
  if (errors > 0) return { catalog, finding: problem('catalog', `${plural(errors, 'error')}; ${holds}.`, mend) };
  if (slos.length === 0)
    return {
      catalog,
      finding: problem(
        'catalog',
        `No SLO in ${folder}.`,
        `Set FIREBREAK_CATALOG to the folder that holds alerts/. ${mend}`,
      ),
    };
  return { catalog, finding: ok('catalog', `${holds}, no errors.`) };
}

const signs = { ok: '✓', problem: '✗', skipped: '–' };

function inWords(found: readonly Finding[], wrong: number): string[] {
  const lines = found.flatMap(({ check, state, text, mend }) => [
    `${signs[state]} ${check}: ${text}`,
    ...(mend ? [`    ${mend}`] : []),
  ]);
  return [
    ...lines,
    '',
    wrong === 0 ? '✓ Nothing is wrong.' : `✗ ${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`,
  ];
}
