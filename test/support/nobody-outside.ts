const nobody = 'http://127.0.0.1:1';

/** Settings of a console in production on a free port, which finds nobody at any of the outside addresses. Its people, of the demo, sign in. */
export function nobodyOutside(people: Record<string, unknown>[]): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: '0',
    FIREBREAK_SECRET: 'a-secret-that-has-32-characters-!',
    FIREBREAK_DEMO: JSON.stringify({ people, apiKey: `fb_${'k'.repeat(43)}` }),
    UNLEASH_URL: nobody,
    UNLEASH_ADMIN_TOKEN: 'unleash-admin-token',
    UNLEASH_CLIENT_TOKEN: 'unleash-client-token',
    PAGERDUTY_API_TOKEN: 'pagerduty-api-token',
    PAGERDUTY_API_URL: nobody,
    PAGERDUTY_EVENTS_URL: nobody,
    PAGERDUTY_ROUTING_KEY: 'pagerduty-routing-key',
    PAGERDUTY_WEBHOOK_SECRETS: 'pagerduty-webhook-secret',
    PAGERDUTY_FROM: 'ada@example.com',
    GOOGLE_ENDPOINT: '127.0.0.1:1',
  };
}
