import { parseArgs } from 'node:util';
import { systemClock } from '#app/platform/clock.ts';
import { openDb } from '#app/platform/db.server.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { type Command, UsageError } from './command.ts';

const scopes = ['changes:write', 'metrics:read', 'rehearsals:write', 'runs:open', 'runs:act'];

const help = `firebreak key create --name NAME --owner EMAIL --scope SCOPE [--scope SCOPE] [--days N]

Makes an API key and prints it once; only its SHA-256 is kept.

  --name   what it is for: "deploy pipeline"
  --owner  who answers for it; keys for runs act in this person's name, with the role they have then
  --scope  ${scopes.join(' | ')}
  --days   days until it expires; default 365

DATABASE_URL is the console's database.`;

/** `firebreak key create`: a key for a program, shown once. */
export const keyCreate: Command = {
  name: 'key create',
  summary: 'Make an API key for a program and print it once',
  help,
  async run(args, terminal) {
    const { values } = parseArgs({
      args,
      options: {
        name: { type: 'string' },
        owner: { type: 'string' },
        scope: { type: 'string', multiple: true },
        days: { type: 'string', default: '365' },
      },
    });
    const { name, owner, scope = [] } = values;
    const days = Number(values.days);
    if (!name) throw new UsageError('--name is missing.');
    if (!owner) throw new UsageError('--owner is missing.');
    const unknown = scope.filter((one) => !scopes.includes(one));
    if (scope.length === 0 || unknown.length > 0) throw new UsageError(`--scope is one of ${scopes.join(', ')}.`);
    if (!(days > 0 && days <= 3_650)) throw new UsageError('--days is a number over 0 and up to 3650.');
    const url = terminal.env.DATABASE_URL;
    if (!url) throw new UsageError('DATABASE_URL is not set.');
    const handle = openDb(url, { max: 1, onError: (error) => terminal.err(error.message) });
    try {
      const expiresAt = systemClock.wall() + days * 86_400_000;
      const key = await handle.db.transaction().execute(async (tx) => {
        const made = await createApiKeyStore(tx, systemClock).create({ name, owner, scopes: scope, expiresAt });
        await appendAudit(tx, {
          at: systemClock.wall(),
          actor: 'command line',
          action: 'key.create',
          target: `key/${name}`,
          runId: null,
          stepId: null,
          reason: null,
          before: null,
          after: { owner, scopes: scope, expiresAt },
          address: null,
        });
        return made;
      });
      terminal.out(key);
      return 0;
    } finally {
      await handle.close();
    }
  },
};
