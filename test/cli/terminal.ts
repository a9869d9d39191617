import { run } from '#cli/run.ts';

/** Runs a command with a screen of its own: exit code, and what stood on stdout and stderr. */
export async function firebreak(args: string[], env: Record<string, string> = {}) {
  const [out, err]: string[][] = [[], []];
  const code = await run(args, { env, out: (line) => out!.push(line), err: (line) => err!.push(line) });
  return { code, out: out!.join('\n'), err: err!.join('\n') };
}
