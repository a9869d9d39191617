import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prometheusSlo } from '../domain/openslo/documents.ts';
import { root } from '../structure/source-files.ts';
import { calm, counters, evaluate, file, folder, s } from './eval-files.ts';
import { firebreak } from './terminal.ts';

describe('what is wrong is said on stderr, and stdout stays empty', () => {
  const om = () => file(counters(0, 5, calm), 'om');
  const range = ['--from', String(s(1)), '--until', String(s(5))];

  test.each([
    [[], '--slo is missing'],
    [['--slo', 'x'], '--samples is missing'],
    [['--slo', 'x', '--samples', 'y'], '--from is missing'],
    [['--slo', 'x', '--samples', 'y', '--from', '5', '--until', '4'], '--from lies after --until.'],
    [
      ['--slo', 'x', '--samples', 'y', '--from', '2026-02-30T00:00:00Z', '--until', '4'],
      '"2026-02-30T00:00:00Z" is not a time',
    ],
    [['--slo', 'x', '--samples', 'y', '--from', '2026-02-03', '--until', '4'], '"2026-02-03" is not a time'],
    [['--slo', 'x', '--samples', 'y', '--from', '1763769600000', '--until', '4'], 'seconds, not milliseconds'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '4', '--every', '0s'], '--every "0s"'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '4', '--every', 'soon'], '--every "soon"'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '999999999'], 'over five years'],
    [['--frm', '1'], '--frm'],
  ])('%j is misuse', async (args, message) => {
    const { code, out, err } = await firebreak(['slo', 'eval', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test.each([
    ['kind: SLO\n', 'f\\d+.yaml:1:1 error "apiVersion" is missing'],
    [prometheusSlo('target: 0.999', 'target: 1'), ':\\d+:15 error An objective of 100 %'],
    [prometheusSlo('service: shop', 'servise: shop'), ':\\d+:3 error Unknown field "servise"'],
    ['', 'f\\d+.yaml:1:1 error No SLO here is counted by Prometheus selectors'],
    ['a: [', 'error'],
  ])('an SLO file that begins with %j', async (slo, message) => {
    const { code, out, err } = await firebreak([
      'slo',
      'eval',
      '--slo',
      file(slo),
      '--samples',
      om(),
      ...range,
      '--json',
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(new RegExp(message));
  });

  test('files that are not there, or no text', async () => {
    const gone = await firebreak(['slo', 'eval', '--slo', join(folder, 'gone.yaml'), '--samples', om(), ...range]);
    expect(gone).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('gone.yaml:1:1 error There is no such file.'),
    });
    const noSamples = await firebreak(['slo', 'eval', '--slo', file(prometheusSlo()), '--samples', folder, ...range]);
    expect(noSamples).toMatchObject({ code: 1, out: '', err: expect.stringContaining('This is a folder') });
  });

  test('samples that are not OpenMetrics, with line and column', async () => {
    const samples = `http_requests_total{code="200"} 5 ${s(0)}\nhttp_requests_total{code="200"} x ${s(1)}\n# EOF\n`;
    const { code, out, err } = await evaluate(prometheusSlo(), samples, 0, 5);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/f\d+\.om:2:33 error A number is expected, not "x"\./);
  });
});

test('help explains the commands of SLOs together and each alone', async () => {
  const all = await firebreak(['--help']);
  expect(all).toMatchObject({ code: 0, err: '' });
  for (const part of ['slo eval', 'slo lint', 'Examples:', 'Exit code: 0 done']) expect(all.out).toContain(part);
  const group = await firebreak(['slo', '--help']);
  expect(group).toMatchObject({ code: 0, err: '' });
  for (const part of ['--samples', '--for', 'A line of --json']) expect(group.out).toContain(part);
  expect(group.out).not.toContain('change record');
  expect((await firebreak(['help', 'slo'])).out).toBe(group.out);
  const half = await firebreak(['slo', 'evil']);
  expect(half).toMatchObject({ code: 2, out: '' });
  expect(half.err).toContain('There is no command "slo evil".');
  expect(half.err).toContain('slo eval');
});

test('the real program prints JSON alone on stdout, and ends with the code', () => {
  const args = [
    '--slo',
    file(prometheusSlo()),
    '--samples',
    file(counters(0, 5, calm)),
    '--from',
    String(s(5)),
    '--until',
    String(s(5)),
  ];
  const program = (...more: string[]) => {
    const all = [join(root, 'cli/firebreak.ts'), 'slo', 'eval', ...more];
    return spawnSync(process.execPath, all, { encoding: 'utf8', cwd: root });
  };
  const fine = program(...args, '--json');
  expect({ status: fine.status, stderr: fine.stderr }).toEqual({ status: 0, stderr: '' });
  expect(
    fine.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).slo),
  ).toEqual(['shop-answers']);
  expect(program('--json')).toMatchObject({ status: 2, stdout: '' });
});
