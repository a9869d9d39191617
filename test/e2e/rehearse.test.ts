import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeBakery } from '#test/support/bakery.ts';

const bakery = makeBakery();
afterAll(() => bakery.remove());

test('another catalog is rehearsed in its own world; what does not hold is told with its place and fails', async () => {
  const junit = join(bakery.dir, 'rehearse.xml');
  const { code, out, err } = await rehearse('--junit', junit);
  expect(out).toContain('✗ oven-burns: 1 of 2 cases');
  expect(out).toContain('⚠ oven-cold: not rehearsed.');
  expect(out).toContain('1 of 2 cases held');
  expect(err).toContain('✓ oven-burns: steam burns it, and turning steam off ends it');
  expect(err).toContain('runbooks/oven-burns.rehearsal.yaml:16:23: The flag steam is on for 60 %, not off.');
  expect(code).toBe(1);
  const xml = readFileSync(junit, 'utf8');
  expect(xml).toContain('<testsuites name="rehearsals" tests="3" failures="1">');
  expect(xml).toContain('<failure message="The flag steam is on for 60 %, not off.">');
  expect(xml).toContain('steam-off: planned');
});

/** The command as `npm run rehearse` starts it. */
function rehearse(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/rehearse.ts', ...args], {
      env: { ...process.env, FIREBREAK_CATALOG: bakery.dir },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
