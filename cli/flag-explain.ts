import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { readContext } from '#app/domain/flag/evaluation/context.ts';
import { type Explanation, explain } from '#app/domain/flag/evaluation/explain.ts';
import { readFeatures } from '#app/domain/flag/evaluation/features.ts';
import { systemClock } from '#app/platform/clock.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { printable } from './printable.ts';
import { problemLine } from './problem-line.ts';

const help = `firebreak flag explain --features FILE --context FILE --flag NAME [--host NAME] [--json]

Says whether a context gets a flag and why, as the Node SDK of Unleash would answer. Nothing is asked over the network.

  --features  what Unleash serves to SDKs: the JSON of GET /api/client/features
  --context   who asks: an Unleash context as JSON, such as {"userId": "ada", "properties": {"country": "DK"}}
  --flag      the flag's name
  --host      machine that asks, for the strategy applicationHostname; default this one
  --json      {"enabled", "variant", "reasons"}; enabled is null, with "share" in percent, where every request throws dice

Exit code: 0 answered, 1 a file is wrong (file, line and column on stderr), 2 wrong arguments.`;

const largest = 64 * 1024 * 1024;

/** `firebreak flag explain`: who gets a flag, told from files alone. */
export const flagExplain: Command = {
  name: 'flag explain',
  summary: 'Say whether a context gets a flag, and why, from a client-features file',
  help,
  async run(args, { env, out, err }) {
    const text = { type: 'string' } as const;
    const options = { features: text, context: text, flag: text, host: text, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    const { features: featuresFile, context: contextFile, flag, host = env.HOSTNAME || hostname() } = values;
    if (!featuresFile) throw new UsageError('--features is missing.');
    if (!contextFile) throw new UsageError('--context is missing.');
    if (!flag) throw new UsageError('--flag is missing.');
    const [featuresText, contextText] = [await readText(featuresFile, err), await readText(contextFile, err)];
    if (featuresText === null || contextText === null) return 1;
    const { served, problems } = readFeatures(featuresText, featuresFile, flag);
    const asked = readContext(contextText, contextFile);
    for (const problem of [...problems, ...asked.problems]) err(printable(problemLine(problem)));
    if (!served || !asked.context) return 1;
    const answer = explain(served, flag, { context: asked.context, now: systemClock.wall(), host })!;
    if (values.json) out(JSON.stringify(answer, null, 2));
    else for (const line of inWords(flag, answer)) out(printable(line));
    return 0;
  },
};

/** The text of a file; null, with the reason on `err`, when it cannot be read. Pipes are read too, up to a bound. */
async function readText(file: string, err: Terminal['err']): Promise<string | null> {
  try {
    await using handle = await open(file);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) {
        err(`${file}:1:1 error The file is larger than ${largest / 1024 / 1024} MiB. Keep only the flags in question.`);
        return null;
      }
      chunks.push(chunk);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reasons: Record<string, string> = {
      ENOENT: 'There is no such file.',
      EISDIR: 'This is a folder, not a file.',
      EACCES: 'You may not read this file.',
      ERR_ENCODING_INVALID_ENCODED_DATA: 'The file is not UTF-8 text. Save it as UTF-8.',
    };
    err(`${file}:1:1 error ${reasons[code] ?? `The file cannot be read (${code || (error as Error).message}).`}`);
    return null;
  }
}

function inWords(flag: string, { enabled, variant, share, reasons }: Explanation): string[] {
  const state = enabled === null ? `unknown: random per request, on for about ${share} %` : enabled ? 'on' : 'off';
  const which = variant?.enabled ? `, variant ${variant.name}` : enabled && !variant ? ', variant unknown: random' : '';
  return [`${flag}: ${state}${which}`, ...reasons.map((reason) => `  ${reason}`)];
}
