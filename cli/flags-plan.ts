import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { driftLines, findDrift } from './flags-drift.ts';
import { printable } from './printable.ts';

const help = `firebreak flags plan [folder] [--json]

Shows where flags/*.yaml and Unleash differ, and what would bring either side to the other. Changes nothing. The last line
names the plan by its hash; "flags apply" takes that plan and no other.

  folder   the catalog; default FIREBREAK_CATALOG, else the current folder
  --json   {"ok", "plan", "drift"} on one document instead of lines

UNLEASH_URL is the address of Unleash, UNLEASH_ADMIN_TOKEN an admin token.

Exit code: 0 they agree, 1 they differ or one could not be read, 2 wrong arguments.`;

/** `firebreak flags plan`: drift between the files and Unleash, both ways. */
export const flagsPlan: Command = {
  name: 'flags plan',
  summary: 'Show where flags/*.yaml and Unleash differ, and how either would follow the other',
  help,
  async run(args, terminal) {
    const { out } = terminal;
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const found = await findDrift(positionals[0], terminal);
    if (!found) return 1;
    const { drift, hash } = found;
    if (values.json) out(JSON.stringify({ ok: drift.length === 0, plan: hash, drift }, null, 2));
    else {
      for (const line of driftLines(found)) out(printable(line));
      if (drift.length > 0) {
        out(`\n✗ ${drift.length} ${drift.length === 1 ? 'difference' : 'differences'}. Nothing was changed.`);
        out(`Plan ${hash}. Apply it with: firebreak flags apply --to unleash --plan ${hash} (or --to files)`);
      }
    }
    return drift.length === 0 ? 0 : 1;
  },
};
