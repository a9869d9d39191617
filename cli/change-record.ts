import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { changeReportSchema, reportedKinds } from '#app/domain/change/report.ts';
import { paths } from '#app/paths.ts';
import { type Command, type Terminal, UsageError } from './command.ts';

const help = `firebreak change record --kind KIND --target NAME --title TEXT [options]

Tells Firebreak of a change that it cannot see by itself, so that it stands among the suspects of an incident.

  --kind         ${reportedKinds.join(' | ')}
  --target       what moved: 0042_scenes, speech-api-key, zone studio.example
  --title        one line in words: "Migration 0042: scenes get a language column"
  --service      catalog id of the service it touches
  --environment  such as production
  --at           ISO 8601 with an offset; default now, by the console's clock
  --actor        who did it
  --commit       commit it came from
  --url          page that says more
  --id           repeat a report with the same id and it counts once; default a new one

FIREBREAK_URL is the console's address, FIREBREAK_API_KEY a key with the scope changes:write.`;

const options = Object.fromEntries(
  Object.keys(changeReportSchema.shape).map((key) => [key, { type: 'string' as const }]),
);

/** `firebreak change record`: the door for migrations, secrets, Terraform, DNS and configuration. */
export const changeRecord: Command = {
  name: 'change record',
  summary: 'Tell the console of a migration, secret, Terraform, DNS or configuration change',
  help,
  async run(args, terminal) {
    const { values } = parseArgs({ args, options });
    const report = changeReportSchema.safeParse({ id: randomUUID(), ...values }, { reportInput: true });
    if (!report.success) throw new UsageError(words(report.error));
    const key = terminal.env.FIREBREAK_API_KEY;
    const base = terminal.env.FIREBREAK_URL;
    if (!base || !URL.canParse(base)) throw new UsageError('FIREBREAK_URL is not set to the address of a console.');
    if (!key) throw new UsageError('FIREBREAK_API_KEY is not set.');
    return send(new URL(paths.apiChanges(), base), key, JSON.stringify(report.data), terminal);
  },
};

/** Sends the report, at most three times: its id makes a repetition harmless. */
async function send(url: URL, key: string, body: string, { out, err }: Terminal): Promise<number> {
  let failure = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, attempt * 500));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      if (response.ok) {
        out(response.status === 200 ? 'This change was recorded before.' : 'Recorded.');
        return 0;
      }
      failure = `${url.origin} answered ${response.status}: ${(await response.text()).slice(0, 500).trim()}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code;
      failure = `${url.origin} does not answer${cause ? ` (${cause})` : ''}.`;
    }
  }
  err(failure);
  return 1;
}

function words(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const name = `--${String(issue.path[0] ?? '')}`;
      return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && issue.input === undefined)
        ? `${name} is missing.`
        : `${name}: ${issue.message}.`;
    })
    .join('\n');
}
