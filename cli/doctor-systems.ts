import type { Outside } from '#app/clients/outside.server.ts';
import { pagerDutyRequest } from '#app/clients/pagerduty/http.server.ts';
import type { Config } from '#app/config.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { sidesOf } from '#app/domain/openslo/prometheus.ts';
import { plural } from '#app/domain/plural.ts';
import { sourceOf } from '#app/domain/slo/data-source.ts';
import { worstOf } from '#app/domain/slo/gauge.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { skewFinding } from './doctor-database.ts';
import { type Finding, ok, problem, said } from './doctor-finding.ts';

const patienceMs = 10_000;
const minuteMs = 60_000;

/** Whether Unleash takes both tokens, knows the environment, and keeps our time. */
export async function unleashFindings(config: Config, { unleash }: Outside, wall: () => number): Promise<Finding[]> {
  const { UNLEASH_URL: url, FIREBREAK_ENVIRONMENT: environment } = config;
  const tried = async (check: string, mend: string, run: () => Promise<string>) => {
    try {
      return ok(check, await run());
    } catch (error) {
      return problem(check, `${said(error)}.`, mend);
    }
  };
  const clock = async (): Promise<Finding[]> => {
    const before = wall();
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(patienceMs) }).catch(() => null);
    const date = Date.parse(answer?.headers.get('date') ?? '');
    await answer?.body?.cancel();
    return Number.isNaN(date) ? [] : [skewFinding('clock of Unleash', date, (before + wall()) / 2)];
  };
  const [admin, client, skew] = await Promise.all([
    tried(
      'Unleash, admin token',
      'Check UNLEASH_URL and UNLEASH_ADMIN_TOKEN: an admin token of Unleash 8 or newer.',
      async () => {
        const flags = await unleash.read.flags(AbortSignal.timeout(patienceMs));
        return `${url} answers with ${plural(flags.length, 'flag')}.`;
      },
    ),
    tried(
      'Unleash, client token',
      `Check UNLEASH_CLIENT_TOKEN: a backend token of the environment "${environment}" (FIREBREAK_ENVIRONMENT).`,
      async () => {
        const { features } = await unleash.read.served(environment, AbortSignal.timeout(patienceMs));
        return `SDKs of ${environment} are served ${plural(features.length, 'flag')}.`;
      },
    ),
    clock(),
  ]);
  return [admin, client, ...skew];
}

/** Whether the keys for PagerDuty look right and open it. An integration key cannot be tried without paging somebody. */
export async function pagerDutyFindings(config: Config): Promise<Finding[]> {
  const { PAGERDUTY_ROUTING_KEY: key, PAGERDUTY_FROM: from } = config;
  const routing = /^[0-9A-Za-z]{32}$/.test(key)
    ? ok(
        'PagerDuty, routing key',
        'It has the form of an Events v2 integration key; it is not tried, for that pages somebody.',
      )
    : problem(
        'PagerDuty, routing key',
        'It is not 32 letters and digits, as Events v2 integration keys are.',
        'Copy PAGERDUTY_ROUTING_KEY from the Events API v2 integration of the service or orchestration that pages.',
      );
  const rest = 'PagerDuty, REST key';
  try {
    const query = { query: from, limit: '1' };
    const signal = AbortSignal.timeout(patienceMs);
    const body = await pagerDutyRequest(`${config.PAGERDUTY_API_URL}/users`, config.PAGERDUTY_API_TOKEN, {
      query,
      signal,
    });
    const known = ((body as { users?: unknown[] } | null)?.users ?? []).length > 0;
    const mend = 'Set PAGERDUTY_FROM to the email of a PagerDuty user: notes and acknowledgements are written as them.';
    return [
      routing,
      ok(rest, `${config.PAGERDUTY_API_URL} takes it.`),
      known
        ? ok('PagerDuty, user', `${from} is known.`)
        : problem('PagerDuty, user', `PagerDuty knows nobody by ${from}.`, mend),
    ];
  } catch (error) {
    const mend = 'Check PAGERDUTY_API_TOKEN (a REST API v2 key) and PAGERDUTY_API_URL (the service region).';
    return [routing, problem(rest, `${said(error)}.`, mend)];
  }
}

/** Whether each source that an SLO reads answers: the last minutes of one SLO of it are read. `now` ms. */
export async function sourceFindings(catalog: Catalog, outside: Outside, now: number): Promise<Finding[]> {
  const bySource = Map.groupBy(catalog.slos, (slo) => sourceOf(slo));
  return Promise.all(
    [...bySource].map(async ([name, [slo]]) => {
      const check = `source ${name}`;
      try {
        const series = await readOne(slo!, outside, now);
        return ok(check, `It answers (asked for ${slo!.id}: ${series} series in the last 10 min).`);
      } catch (error) {
        const mend = name.startsWith('prometheus/')
          ? 'Check the address in the DataSource, or PROMETHEUS_SOURCES, and its token.'
          : `Check the default credentials of Google: roles/monitoring.viewer on ${name}.`;
        return problem(check, `${said(error)}.`, mend);
      }
    }),
  );
}

async function readOne(slo: Slo, { monitoring, prometheus }: Outside, now: number): Promise<number> {
  const to = Math.floor(now / minuteMs) * minuteMs;
  const range = { from: to - 10 * minuteMs, to, signal: AbortSignal.timeout(patienceMs) };
  const { indicator } = slo;
  if (indicator.kind === 'prometheus') {
    const selector = sidesOf(indicator)?.total.text;
    if (!selector || indicator.source === null || indicator.url === null) return 0;
    return (await prometheus.counters({ source: indicator.source, url: indicator.url, selector, ...range })).length;
  }
  const counted = 'total' in indicator ? indicator.total : indicator.source;
  const query = { project: counted.project, filter: counted.filter, periodSeconds: 60, groupBy: [], ...range };
  if (indicator.kind === 'latency') return (await monitoring.distributions(query)).length;
  if (indicator.kind === 'gauge') return (await monitoring.gauges({ ...query, worst: worstOf(indicator) })).length;
  return (await monitoring.counts(query)).length;
}
