/** The environment of the simulator process, read once. */
export interface Settings {
  catalog: string;
  seed: string;
  drill: string;
  dataFolder: string;
  clockFile: string | null;
  /** Data ms at which a new world's lived part begins; null: now. */
  worldStart: number | null;
  /** Speed of the clock that SDKs keep the pace of, whatever it is; null: its own. A clock that often changes would start them anew each time. */
  sdkSpeed: number | null;
  unleashUrl: string;
  unleashAdminToken: string;
  unleashClientToken: string;
  consoleUrl: string;
  webhookSecret: string;
  pagerDutyToken: string;
  routingKey: string;
  githubToken: string;
  grpcPort: number;
  httpPort: number;
}

/** Reads `SIM_*` and Unleash settings; throws naming every one that is missing. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const missing: string[] = [];
  const need = (name: string) => {
    const value = env[name];
    if (!value) missing.push(name);
    return value ?? '';
  };
  const settings: Settings = {
    catalog: need('SIM_CATALOG'),
    seed: env.SIM_SEED || 'studio',
    drill: env.SIM_DRILL || 'quiet',
    dataFolder: need('SIM_DATA'),
    clockFile: env.FIREBREAK_CLOCK || null,
    worldStart: env.SIM_WORLD_START ? Number(env.SIM_WORLD_START) : null,
    sdkSpeed: env.SIM_SDK_SPEED ? Number(env.SIM_SDK_SPEED) : null,
    unleashUrl: need('UNLEASH_URL').replace(/\/$/, ''),
    unleashAdminToken: need('UNLEASH_ADMIN_TOKEN'),
    unleashClientToken: need('UNLEASH_CLIENT_TOKEN'),
    consoleUrl: env.SIM_CONSOLE_URL || 'http://127.0.0.1:3000',
    webhookSecret: env.SIM_WEBHOOK_SECRET || '',
    pagerDutyToken: env.SIM_PAGERDUTY_TOKEN || '',
    routingKey: env.SIM_ROUTING_KEY || '',
    githubToken: env.SIM_GITHUB_TOKEN || '',
    grpcPort: Number(env.SIM_GRPC_PORT || 0),
    httpPort: Number(env.SIM_HTTP_PORT || 0),
  };
  if (missing.length > 0) throw new Error(`The simulator needs ${missing.join(', ')}.`);
  return settings;
}
