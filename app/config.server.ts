import { z } from 'zod';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .transform((value) => value.replace(/\/$/, ''));
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

/** People and an API key that a demo brings along, as JSON. */
const demo = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.strictObject({ people: z.array(person), apiKey: z.string().startsWith('fb_') }));

const schema = z
  .object({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    FIREBREAK_BASE_URL: url.optional(),
    FIREBREAK_MODE: z.enum(['observe', 'shadow', 'act']).default('observe'),
    FIREBREAK_ROLE: z.enum(['all', 'web', 'engine']).default('all'),
    FIREBREAK_CATALOG: z.string().min(1).default('.'),
    FIREBREAK_SECRET: z.string().min(32, 'needs at least 32 characters'),
    FIREBREAK_CLOCK: z.string().min(1).optional(),
    FIREBREAK_ENVIRONMENT: z.string().default('production'),
    FIREBREAK_DEMO: demo.optional(),
    TRUSTED_PROXIES: list.optional(),
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
    DATABASE_OWNER_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional(),
    UNLEASH_URL: url,
    UNLEASH_ADMIN_TOKEN: z.string().min(1),
    UNLEASH_CLIENT_TOKEN: z.string().min(1),
    PAGERDUTY_API_TOKEN: z.string().min(1),
    PAGERDUTY_API_URL: url.default('https://api.pagerduty.com'),
    PAGERDUTY_EVENTS_URL: url.default('https://events.pagerduty.com'),
    PAGERDUTY_ROUTING_KEY: z.string().min(1),
    PAGERDUTY_WEBHOOK_SECRETS: list,
    PAGERDUTY_FROM: z.email(),
    GOOGLE_ENDPOINT: z
      .string()
      .regex(/^[^:/]+:\d+$/, 'must be host:port')
      .optional(),
    DEADMAN_URL: url.optional(),
  })
  .superRefine((env, context) => {
    if (env.FIREBREAK_CLOCK && env.GOOGLE_ENDPOINT === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['FIREBREAK_CLOCK'],
        message: 'an injected clock belongs to the simulator: refused when GOOGLE_ENDPOINT is not set',
      });
    }
    if (env.FIREBREAK_DEMO && env.GOOGLE_ENDPOINT === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['FIREBREAK_DEMO'],
        message: 'demo sign-ins exist only beside the simulator: refused when GOOGLE_ENDPOINT is not set',
      });
    }
  });

/** Settings of the process, validated once at boot. Names are those of `docs/operating.md`. */
export type Config = z.infer<typeof schema>;

/** Thrown when a setting is missing or wrong; `message` names every one of them. */
export class ConfigError extends Error {
  readonly problems: { name: string; message: string }[];

  constructor(problems: { name: string; message: string }[]) {
    super(
      `Firebreak cannot start, ${problems.length} setting${problems.length === 1 ? ' is' : 's are'} missing or wrong:\n${problems
        .map((problem) => `  ${problem.name}: ${problem.message}`)
        .join('\n')}\nSee docs/operating.md for what each one means.`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads and validates the environment. The only place that does. Empty values count as missing. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'environment');
      return { name, message: name in given ? issue.message : 'is not set' };
    }),
  );
}

/** Every secret of the configuration, for the redactor. */
export function secretsOf(config: Config): string[] {
  return [
    config.FIREBREAK_SECRET,
    config.UNLEASH_ADMIN_TOKEN,
    config.UNLEASH_CLIENT_TOKEN,
    config.PAGERDUTY_API_TOKEN,
    config.PAGERDUTY_ROUTING_KEY,
    ...config.PAGERDUTY_WEBHOOK_SECRETS,
    ...(config.FIREBREAK_DEMO
      ? [config.FIREBREAK_DEMO.apiKey, ...config.FIREBREAK_DEMO.people.map((one) => one.password)]
      : []),
  ];
}
