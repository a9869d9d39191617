import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#scripts/supervisor/process.ts';
import { nobodyOutside } from '#test/support/nobody-outside.ts';

const password = 'a-long-enough-password';
const ada = { email: 'ada@example.com', name: 'Ada', role: 'responder', teams: [], password };

/** A real server process of some build, and Ada at its pages. */
export interface BuiltConsole {
  child: ChildProcess;
  url: string;
  /** Resolves with the exit code, null after a signal. */
  exited: Promise<number | null>;
  /** Sends a form as Ada; returns where it led. */
  post(path: string, form: Record<string, string>): Promise<{ status: number; location: string | null }>;
}

/**
 * A copy of the build with one sentence of its server worded otherwise: another version of the code, which says so in the
 * plans that it makes. Returns the folder to start it in.
 */
export function copyBuild(folder: string, sentence: { here: string; there: string }): string {
  mkdirSync(folder);
  cpSync(join(root, 'build'), join(folder, 'build'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const server = join(folder, 'build/server');
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const said = files.filter((name) => readFileSync(join(server, name), 'utf8').includes(sentence.here));
  if (said.length === 0) throw new Error(`the build does not say "${sentence.here}"`);
  for (const name of said) {
    const text = readFileSync(join(server, name), 'utf8');
    writeFileSync(join(server, name), text.replaceAll(sentence.here, sentence.there));
  }
  return folder;
}

/** Starts the server on the build in `folder`, with nobody outside, and signs Ada in. */
export async function startBuilt(folder: string, env: Record<string, string>): Promise<BuiltConsole> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'server.ts')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...nobodyOutside([ada]),
      LOG_LEVEL: 'fatal',
      ...env,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (text: Buffer) => {
      said += text;
      const hello = /"listening":"([^"]+)"/.exec(said);
      if (hello) resolve(hello[1]!);
    });
    void exited.then((code) => reject(new Error(`the server ended before it listened (${code})`)));
  });
  const send = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}) },
      redirect: 'manual',
    });
  const signedIn = await send('/sign-in', { email: ada.email, password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  return {
    child,
    url,
    exited,
    async post(path, form) {
      const answer = await send(path, form, cookie);
      await answer.text();
      return { status: answer.status, location: answer.headers.get('location') };
    },
  };
}
