import { isIP } from 'node:net';
import { z } from 'zod';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .transform((value) => value.replace(/\/$/, ''));
/** The console's own address: cookies, the cross-site check and links stand on it. */
const origin = url.refine((value) => /^https?:\/\/[^/?#]+$/.test(value), 'must be an address without a path');
const postgres = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const person = z.strictObject({
  email: z.email(),
  name: z.string().min(1),
  role: z.enum(['viewer', 'product', 'responder', 'admin']),
  teams: z.array(z.string()),
  password: z.string().min(12),
});

/** What Express takes as a trusted proxy: an address, a network, or one of its three names. */
function isProxy(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** People and an API key that a demo brings along, as JSON. */
const demo = json.pipe(z.strictObject({ people: z.array(person), apiKey: z.string().startsWith('fb_') }));

/** Where DataSources of type Prometheus are, by name, and the bearer token that opens each, as JSON. */
const prometheusSources = json.pipe(
  z.record(
    z.string(),
    z.strictObject({
      url,
      token: z
        .string()
        .regex(/^[\x21-\x7e]+$/, 'is no token')
        .nullable()
        .default(null),
    }),
  ),
);

const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  FIREBREAK_BASE_URL: origin.optional(),
  FIREBREAK_MODE: z.enum(['observe', 'shadow', 'act']).default('observe'),
  FIREBREAK_ROLE: z.enum(['all', 'web', 'engine']).default('all'),
  FIREBREAK_CATALOG: z.string().min(1).default('.'),
  FIREBREAK_SECRET: z.string().min(32, 'needs at least 32 characters'),
  FIREBREAK_CLOCK: z.string().min(1).optional(),
  FIREBREAK_ENVIRONMENT: z.string().default('production'),
  FIREBREAK_DEMO: demo.optional(),
  TRUSTED_PROXIES: list
    .refine(
      (all) => all.every(isProxy),
      'must list addresses, networks (10.0.0.0/8), loopback, linklocal or uniquelocal',
    )
    .optional(),
  DATABASE_URL: postgres,
  DATABASE_OWNER_URL: postgres.optional(),
  UNLEASH_URL: url,
  UNLEASH_ADMIN_TOKEN: z.string().min(1),
  UNLEASH_CLIENT_TOKEN: z.string().min(1),
  PAGERDUTY_API_TOKEN: z.string().min(1),
  PAGERDUTY_API_URL: url.default('https://api.pagerduty.com'),
  PAGERDUTY_EVENTS_URL: url.default('https://events.pagerduty.com'),
  PAGERDUTY_ROUTING_KEY: z.string().min(1),
  PAGERDUTY_TICKET_ROUTING_KEY: z.string().min(1).optional(),
  TICKET_ENDPOINT: z.string().min(1).optional(),
  PAGERDUTY_WEBHOOK_SECRETS: list.refine((all) => all.length > 0, 'needs at least one secret'),
  PAGERDUTY_FROM: z.email(),
  GOOGLE_ENDPOINT: z
    .string()
    .regex(/^[^:/]+:\d+$/, 'must be host:port')
    .optional(),
  PROMETHEUS_SOURCES: prometheusSources.default({}),
  DEADMAN_URL: url.optional(),
  GITHUB_API_URL: url.default('https://api.github.com'),
  GITHUB_TOKEN: z.string().min(1).optional(),
  OUTBOUND_INTERNAL: list
    .refine((all) => all.every((host) => /^[^/\s:]+:\d{1,5}$/.test(host)), 'must list host:port')
    .default([]),
});

/** How settings are named that endpoints of the catalog refer to: `${env:CHAT_URL}` is `FIREBREAK_REF_CHAT_URL`, and no other setting can be meant. */
const referencePrefix = 'FIREBREAK_REF_';

/** What no single setting can say: these are looked at even when another setting is wrong, so that one error names them all. */
function contradictions(given: Record<string, string>): Problem[] {
  const problems: Problem[] = [];
  if (given.GOOGLE_ENDPOINT === undefined) {
    const why = 'refused when GOOGLE_ENDPOINT is not set';
    if (given.FIREBREAK_CLOCK !== undefined)
      problems.push({ name: 'FIREBREAK_CLOCK', message: `an injected clock belongs to the simulator: ${why}` });
    if (given.FIREBREAK_DEMO !== undefined)
      problems.push({ name: 'FIREBREAK_DEMO', message: `demo sign-ins exist only beside the simulator: ${why}` });
  }
  const host = given.HOST ?? '127.0.0.1';
  const address = given.FIREBREAK_BASE_URL;
  if (address === undefined && !loopback.test(host)) {
    problems.push({
      name: 'FIREBREAK_BASE_URL',
      message: `is not set: people reach a console that listens on ${host} by another address than that`,
    });
  }
  if (address?.startsWith('http:') && URL.canParse(address) && !loopback.test(new URL(address).hostname)) {
    problems.push({ name: 'FIREBREAK_BASE_URL', message: 'must be https: passwords and sessions travel on it' });
  }
  return problems;
}

/** Plain http is for this machine alone. */
const loopback = /^(127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/;

/** Settings of the process, validated once at boot. Names are those of `docs/operating.md`. */
export type Config = z.infer<typeof schema> & {
  /** What endpoints of the catalog may refer to, by name without the prefix. */
  references: Record<string, string>;
};

/** One setting that is missing or wrong; the message never repeats the value, which may be a secret. */
export interface Problem {
  name: string;
  message: string;
}

/** Thrown when a setting is missing or wrong; `message` names every one of them. */
export class ConfigError extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(
      `Firebreak cannot start, ${problems.length} setting${problems.length === 1 ? ' is' : 's are'} missing or wrong:\n${problems
        .map((problem) => `  ${problem.name}: ${problem.message}`)
        .join('\n')}\nSee docs/operating.md for what each one means.`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads and validates the environment. The only place that does. Empty and blank values count as missing. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && value.trim() !== '') given[name] = value;
  const parsed = schema.safeParse(given);
  const contradicting = contradictions(given);
  if (parsed.success && contradicting.length === 0) return { ...parsed.data, references: referencesOf(given) };
  const wrong = (parsed.error?.issues ?? []).map(({ path: [name, ...inside], message }) => ({
    name: String(name),
    message: !(String(name) in given) ? 'is not set' : inside.length > 0 ? `${inside.join('.')}: ${message}` : message,
  }));
  throw new ConfigError([...wrong, ...contradicting]);
}

function referencesOf(given: Record<string, string>): Record<string, string> {
  const named = Object.entries(given).filter(([name]) => name.startsWith(referencePrefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(referencePrefix.length), value.trim()]));
}

/** Every secret of the configuration, for the redactor. */
export function secretsOf(config: Config): string[] {
  return [
    config.FIREBREAK_SECRET,
    config.UNLEASH_ADMIN_TOKEN,
    config.UNLEASH_CLIENT_TOKEN,
    config.PAGERDUTY_API_TOKEN,
    config.PAGERDUTY_ROUTING_KEY,
    ...(config.PAGERDUTY_TICKET_ROUTING_KEY ? [config.PAGERDUTY_TICKET_ROUTING_KEY] : []),
    ...config.PAGERDUTY_WEBHOOK_SECRETS,
    ...Object.values(config.PROMETHEUS_SOURCES).flatMap(({ token }) => token ?? []),
    ...(config.GITHUB_TOKEN ? [config.GITHUB_TOKEN] : []),
    ...Object.values(config.references),
    ...[config.DATABASE_URL, config.DATABASE_OWNER_URL].flatMap(passwordOf),
    ...(config.FIREBREAK_DEMO
      ? [config.FIREBREAK_DEMO.apiKey, ...config.FIREBREAK_DEMO.people.map((one) => one.password)]
      : []),
  ];
}

/** The password of a database address, as written and decoded. */
function passwordOf(address: string | undefined): string[] {
  if (!address || !URL.canParse(address)) return [];
  const { password } = new URL(address);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
