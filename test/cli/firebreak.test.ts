import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from '#cli/run.ts';
import { copyStudio, type StudioCopy, studioFolder } from '../catalog/studio.ts';

function terminal(env: Record<string, string> = {}) {
  const lines = { out: [] as string[], err: [] as string[] };
  return {
    ...lines,
    env,
    terminal: { env, out: (line: string) => lines.out.push(line), err: (line: string) => lines.err.push(line) },
  };
}

async function firebreak(args: string[], env: Record<string, string> = {}) {
  const screen = terminal(env);
  const code = await run(args, screen.terminal);
  return { code, out: screen.out.join('\n'), err: screen.err.join('\n') };
}

describe('help', () => {
  test('lists the commands, and each explains itself', async () => {
    const bare = await firebreak([]);
    expect(bare).toMatchObject({ code: 0, err: '' });
    expect(bare.out).toContain('check');
    expect(bare.out).toContain('change record');
    expect((await firebreak(['check', '--help'])).out).toContain('Exit code');
    expect((await firebreak(['change', 'record', '--help'])).out).toContain('FIREBREAK_API_KEY');
  });

  test('what does not exist is misuse', async () => {
    expect((await firebreak(['chekc'])).code).toBe(2);
    const unknown = await firebreak(['check', '--verbose']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('--verbose');
  });
});

describe('check', () => {
  let studio: StudioCopy;
  afterEach(() => studio?.remove());

  test("the studio's catalog passes", async () => {
    const { code, out } = await firebreak(['check', studioFolder]);
    expect(out).toContain('✓ 0 errors');
    expect(code).toBe(0);
  });

  test('prints place, severity, message and hint, and fails', async () => {
    studio = await copyStudio();
    await studio.edit('flags/voiceover-v2.yaml', 'type: release', 'type: relase');
    const { code, out } = await firebreak(['check'], { FIREBREAK_CATALOG: studio.dir });
    expect(code).toBe(1);
    expect(out).toContain(
      `${studio.dir}/flags/voiceover-v2.yaml:7:9 error "type" is "relase"; allowed: release, experiment, operational, kill-switch, permission. Did you mean "release"?`,
    );
    expect(out).toMatch(/✗ \d+ errors?, \d+ warnings?/);
  });

  test('answers in JSON', async () => {
    studio = await copyStudio();
    await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 100');
    const { code, out } = await firebreak(['check', studio.dir, '--json']);
    const answer = JSON.parse(out);
    expect(code).toBe(1);
    expect(answer).toMatchObject({ ok: false, counts: { services: 11, slos: 6 } });
    expect(answer.problems[0]).toMatchObject({
      line: expect.any(Number),
      column: expect.any(Number),
      severity: 'error',
    });
  });

  test('a warning fails only when asked to', async () => {
    studio = await copyStudio();
    await studio.edit('flags/voiceover-v2.yaml', '  expires: 2027-03-31\n', '');
    expect((await firebreak(['check', studio.dir])).code).toBe(0);
    expect((await firebreak(['check', studio.dir, '--strict'])).code).toBe(1);
  });
});

describe('change record', () => {
  const args = ['change', 'record', '--kind', 'migration', '--target', '0042', '--title', 'Scenes get a language'];
  let close = () => {};
  afterEach(() => close());

  async function console(...answers: [number, string][]) {
    const got: { url?: string; authorization?: string; body: Record<string, unknown> }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      got.push({ url: request.url, authorization: request.headers.authorization, body: JSON.parse(body) });
      const [status, text] = answers[Math.min(got.length, answers.length) - 1]!;
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => server.close();
    return {
      got,
      env: { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_API_KEY: 'fbk_1' },
    };
  }

  test('sends the report with its key', async () => {
    const { got, env } = await console([201, '{}']);
    const answer = await firebreak([...args, '--service', 'shop', '--at', '2026-11-22T03:00:00+01:00'], env);
    expect(answer).toMatchObject({ code: 0, out: 'Recorded.' });
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({
      url: '/api/v1/changes',
      authorization: 'Bearer fbk_1',
      body: {
        kind: 'migration',
        target: '0042',
        title: 'Scenes get a language',
        service: 'shop',
        at: '2026-11-22T03:00:00+01:00',
        id: expect.any(String),
      },
    });
  });

  test('repeats itself with the same id when the console is not well', async () => {
    const { got, env } = await console([503, 'busy'], [201, '{}']);
    expect((await firebreak(args, env)).code).toBe(0);
    expect(got).toHaveLength(2);
    expect(got[0]!.body.id).toBe(got[1]!.body.id);
  });

  test('does not repeat what was refused, and says why', async () => {
    const { got, env } = await console([403, 'Your role does not allow this.']);
    const answer = await firebreak(args, env);
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('403: Your role does not allow this.');
    expect(got).toHaveLength(1);
  });

  test.each([
    [['change', 'record', '--kind', 'migration'], {}, '--target is missing.'],
    [[...args, '--kind', 'flag'], {}, '--kind:'],
    [[...args, '--at', 'yesterday'], {}, '--at:'],
    [[...args, '--url', 'javascript:alert(1)'], {}, '--url:'],
    [args, {}, 'FIREBREAK_URL is not set'],
    [args, { FIREBREAK_URL: 'http://127.0.0.1:1' }, 'FIREBREAK_API_KEY is not set.'],
  ])('%j with %j is misuse', async (words, env, expected) => {
    const answer = await firebreak(words, env);
    expect(answer.code).toBe(2);
    expect(answer.err).toContain(expected);
  });
});
