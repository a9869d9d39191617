import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { good, prometheusSlo } from '../domain/openslo/documents.ts';
import { seeded } from '../domain/slo/make.ts';
import { firebreak } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const profile = `apiVersion: firebreak/v1
kind: BurnProfile
metadata: { name: default }
spec:
  period: 30d
  tiers:
    - { tier: page-fast, long: 1h, short: 5m, share: 0.02 }
`;
const sound = [prometheusSlo(), good, `${prometheusSlo()}---\n${profile}`];

const values = [
  '',
  'null',
  '~',
  '[]',
  '{}',
  '-1',
  '1e999',
  '.nan',
  '0x7f',
  'true',
  '"\\u0000"',
  '&a [*a]',
  '*nobody',
  '!!binary AA==',
  '!!js/function x',
  '<<: *a',
];
const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '? [a, b]', '""', '\u202e', 'spec', 'kind'];
const deep = (open: string, close: string, depth: number) => `a: ${open.repeat(depth)}${close.repeat(depth)}\n`;

/** Files that are hostile as a whole. */
const bombs: Buffer[] = [
  deep('[', ']', 50_000),
  deep('{a: ', '}', 5000),
  `${Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')}`,
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]\n`)
    .join('')}`,
  '---\n'.repeat(20_000),
  `${prometheusSlo()}---\n`.repeat(400),
  `x: "${'\\'.repeat(100_000)}`,
  'a: |\n'.repeat(5000),
  '%YAML 9.9\n---\nkind: SLO\n',
  '\ufeff\ufeff',
  'kind: SLO\nkind: SLO\n',
  prometheusSlo('5..', '(a+)+'.repeat(400)),
  prometheusSlo('5..', '(((((((((('.repeat(100)),
  prometheusSlo('5..', 'x{1000}{1000}'),
  prometheusSlo('30d', '"\\e[31m\\a"'),
  prometheusSlo('30d', '99999d'),
  prometheusSlo('30d', '9'.repeat(4000)),
  prometheusSlo('0.999', '0.9999999999999999'),
  prometheusSlo('shop-answers', 'x'.repeat(1_000_000)),
  prometheusSlo('    - target: 0.999\n', '    - target: 0.999\n'.repeat(5000)),
  prometheusSlo('service: shop', `service: shop\n  description: "${'é'.repeat(100_000)}"`),
  // Line ends, marks and white space that editors leave.
  prometheusSlo().replaceAll('\n', '\r\n'),
  prometheusSlo().replaceAll('\n', '\r'),
  `\ufeff${prometheusSlo()}`,
  prometheusSlo().replaceAll('  ', '\t'),
  prometheusSlo().replaceAll(' ', '\u00a0'),
  prometheusSlo().replaceAll('\n', '\u2028'),
  `${prometheusSlo()}\u0085---\u0085${prometheusSlo()}`,
  // Names that look alike, turn the line round, or are no text at all.
  prometheusSlo('shop-answers', '\u202eshop'),
  prometheusSlo('service: shop', 'service: ѕhор'),
  prometheusSlo('service: shop', 'service: "\\ud800"'),
  // Anchors and merge keys: a merge into itself, one of many, one that brings keys twice.
  `a: &a { <<: *a, b: 1 }\n---\n${prometheusSlo()}`,
  `base: &base { kind: SLO }\n<<: *base\n<<: *base\n${prometheusSlo()}`,
  prometheusSlo('spec:\n', 'spec:\n  <<: [{ service: a }, { service: b }]\n'),
  `x: &x [${'*x, '.repeat(500)}]\n`,
  `x: &x 1\ny: [${'*x, '.repeat(3000)}]\n`,
  // Numbers that are none, or too much of one.
  ...['.nan', '.inf', '-.inf', '1e308', '-0', '0x1p3', '0o17', '1_000', '9'.repeat(400), '1e-400', '"0.999"'].map(
    (number) => prometheusSlo('target: 0.999', `target: ${number}`),
  ),
  ...['30', '30d12h', '-30d', '1e3d', '0d', '3.5d', '∞d', '2147483648M', 'P30D'].map((duration) =>
    prometheusSlo('30d', duration),
  ),
].map((text) => Buffer.from(text));
/** Every line of a sound file with a value of each wrong type: what should be text is a list, what should be a list is a number. */
const wrongTypes = prometheusSlo()
  .split('\n')
  .flatMap((line, at, lines) =>
    line.includes(': ')
      ? ['[]', '{}', '1', 'false', '2026-11-22'].map((value) =>
          Buffer.from(lines.with(at, `${line.slice(0, line.indexOf(': '))}: ${value}`).join('\n')),
        )
      : [],
  );
bombs.push(Buffer.from([0xff, 0xfe, 0x00, 0xd8]), Buffer.alloc(100_000), Buffer.from('kind: \xff\xfe', 'latin1'));

/** A sound file with a few of its parts torn out, doubled, swapped, or replaced by something nasty. */
function damaged(seed: number): Buffer {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let lines = pick(sound).split('\n');
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    const kind = Math.floor(random() * 8);
    if (kind === 0) lines.splice(at, 1);
    else if (kind === 1) lines.splice(at, 0, line);
    else if (kind === 2) lines[at] = ` ${line}`;
    else if (kind === 3 && colon > 0) lines[at] = `${line.slice(0, colon)}: ${pick(values)}`;
    else if (kind === 4 && colon > 0) lines[at] = `${/^\s*/.exec(line)?.[0]}${pick(keys)}${line.slice(colon)}`;
    else if (kind === 5) lines[at] = line.slice(0, Math.floor(random() * line.length));
    else if (kind === 6) lines[at] = `${line}${String.fromCharCode(Math.floor(random() * 0xd7ff))}`;
    else lines = lines.slice(0, at).concat(pick(sound).split('\n').slice(at));
  }
  return Buffer.from(lines.join('\n'));
}

const files = [...bombs, ...wrongTypes, ...Array.from({ length: 200 }, (_, i) => damaged(i))];
const samples = join(folder, 'samples.om');
writeFileSync(
  samples,
  `${Array.from({ length: 11 }, (_, i) => `http_requests_total{code="200"} ${i} ${i * 60}`).join('\n')}\n# EOF\n`,
);

describe('over 200 hostile SLO files', () => {
  test.each(files.map((bytes, i) => ({ i, bytes })))(
    'file $i gives a result or an error with its place, never a crash',
    async ({ i, bytes }) => {
      const path = join(folder, `${i}.yaml`);
      writeFileSync(path, bytes);
      const answer = await firebreak([
        'slo',
        'eval',
        '--slo',
        path,
        '--samples',
        samples,
        '--from',
        '0',
        '--until',
        '600',
        '--json',
      ]);
      if (answer.code === 0)
        for (const line of answer.out.split('\n')) expect(JSON.parse(line)).toHaveProperty('alert.state');
      else {
        expect(answer).toMatchObject({ code: 1, out: '' });
        // Nothing of a file steers the terminal.
        expect(answer.err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        expect(answer.err).toMatch(new RegExp(`^${path}:\\d+:\\d+ (error|warning) \\S`));
      }
      const lint = await firebreak(['slo', 'lint', path, '--samples', samples, '--for', 'cloud-monitoring']);
      expect([0, 1]).toContain(lint.code);
      if (answer.code === 1 && !answer.err.includes('No SLO here') && !answer.err.includes('burn profile'))
        expect(lint.code).toBe(1);
    },
    20_000,
  );
});
