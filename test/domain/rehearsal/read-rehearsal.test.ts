import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRehearsal } from '#app/domain/rehearsal/read-rehearsal.ts';

const file = 'runbooks/burn.rehearsal.yaml';
const read = (text: string) => readRehearsal(text, file, 'digest');
const head = 'apiVersion: firebreak/v1\nkind: Rehearsal\nrunbook: burn\n';
/** A file of one case with these lines in it. */
const withCase = (...lines: string[]) =>
  `${head}cases:\n  - name: one\n${lines.map((line) => `    ${line}\n`).join('')}`;
const ok = 'expect: { run: done }';

/** Problems as `line:column message hint`. */
function problems(text: string): string[] {
  return read(text).problems.map(({ line, column, message, hint }) =>
    `${line}:${column} ${message} ${hint ?? ''}`.trim(),
  );
}

describe('a rehearsal file', () => {
  test('is read with its defaults', () => {
    const { rehearsal, problems } = read(
      withCase(
        'given: [{ fault: bad-flag, flag: v2 }]',
        'act:',
        '  - confirm: ask',
        '    outcome: 3',
        '  - { fault: system-down, system: unleash }',
        '  - { heal: system-down }',
        'expect: { steps: { ask: succeeded, kill: { state: failed, reason: no answer } } }',
      ),
    );
    expect(problems).toEqual([]);
    const [one] = rehearsal!.cases;
    expect(one!.given).toEqual([{ fault: 'bad-flag', flag: 'v2', to: 60, errors: 50, slow: 0 }]);
    expect(one!.open).toEqual({ by: 'ada', after: 12 * 60_000, incident: false });
    expect(one!.act).toEqual([
      { do: 'confirm', step: 'ask', by: 'ada', reason: null, outcome: '3', refused: null },
      { do: 'fault', fault: { fault: 'system-down', system: 'unleash', as: '500' } },
      { do: 'heal', faults: ['system-down'] },
    ]);
    expect(one!.expect.steps.ask).toEqual({ state: 'succeeded', result: null, kind: null, reason: null, outputs: {} });
    expect(one!.expect.steps.kill).toMatchObject({ state: 'failed', reason: 'no answer' });
    expect(rehearsal!.places['cases.0.expect.steps.kill']).toMatchObject({ line: 12 });
    expect(rehearsal!.places['cases.0.act.1']).toEqual({ line: 10, column: 9 });
  });

  test('others say yes or no by name, and whoever breaks the glass is the usual person', () => {
    const { rehearsal, problems } = read(
      withCase(
        'act:',
        '  - { approve: restore, by: ada, refused: somebody else }',
        '  - { reject: restore, by: grace, reason: Too early. }',
        '  - { break-glass: restore, reason: Nobody answers. }',
        ok,
      ),
    );
    expect(problems).toEqual([]);
    expect(rehearsal!.cases[0]!.act).toEqual([
      { do: 'approve', step: 'restore', by: 'ada', refused: 'somebody else' },
      { do: 'reject', step: 'restore', by: 'grace', reason: 'Too early.', refused: null },
      { do: 'break-glass', step: 'restore', by: 'ada', reason: 'Nobody answers.', refused: null },
    ]);
  });

  test('a world without harm stands for less time before the run is opened', () => {
    const opensAfter = (...lines: string[]) => read(withCase(...lines, ok)).rehearsal!.cases[0]!.open.after;
    expect(opensAfter()).toBe(2 * 60_000);
    expect(opensAfter('given: [{ fault: failing, errors: 0, slow: 0 }]')).toBe(2 * 60_000);
    expect(opensAfter('given: [{ fault: failing, errors: 0, slow: 5 }]')).toBe(12 * 60_000);
    expect(opensAfter('given: [{ fault: failing }]', 'open: { after: 40s }')).toBe(40_000);
  });

  test('of the studio is read', () => {
    const path = 'runbooks/voiceover-burn.rehearsal.yaml';
    expect(readRehearsal(readFileSync(path, 'utf8'), path, '').problems).toEqual([]);
  });
});

describe('what is wrong is said where it stands', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /^1:1 The file is empty/],
    ['another kind', head.replace('Rehearsal', 'Runbook'), /^2:7 "kind" is "Runbook"; allowed: Rehearsal/],
    ['an unknown key', withCase('expext: {}', ok), /^6:5 Unknown field "expext" in cases\.0\. Did you mean "expect"/],
    ['no expectation', withCase('expect: {}'), /^6:13 This case expects nothing, so it cannot fail/],
    [
      'an unknown fault',
      withCase('given: [{ fault: bad-flags }]', ok),
      /^6:22 "fault" is "bad-flags".*Did you mean "bad-flag"/,
    ],
    ['a fault without its flag', withCase('given: [{ fault: bad-flag }]', ok), /^6:13 "flag" is missing/],
    [
      'a key that a fault has not',
      withCase('given: [{ fault: no-metrics, for: 5m }]', ok),
      /^6:34 Unknown field "for"/,
    ],
    ['a verb that is none', withCase('act: [{ confrim: kill }]', ok), /^6:13 This is no act\. Did you mean "confirm"/],
    ['two verbs', withCase('act: [{ skip: a, undo: b }]', ok), /^6:13 An act does one thing, not skip and undo/],
    ['a yes of nobody', withCase('act: [{ approve: restore }]', ok), /^6:11 "by" is missing/],
    ['a no without a reason', withCase('act: [{ reject: restore, by: grace }]', ok), /^6:11 "reason" is missing/],
    ['a broken glass without one', withCase('act: [{ break-glass: restore }]', ok), /^6:11 "reason" is missing/],
    ['a word for an act', withCase('act: [kill]', ok), /^6:11 This is no act\. Known here: confirm/],
    [
      'a longer stretch than a day',
      withCase('act: [{ wait: 2d }]', ok),
      /^6:19 "2d" is not such a stretch.*at most a day/,
    ],
    [
      'a state that is none',
      withCase('expect: { steps: { kill: done } }'),
      /^6:30 "state" is "done"; allowed: pending/,
    ],
    ['a flag that is neither', withCase('expect: { flags: { v2: half } }'), /^6:28 A flag is on, off or a percentage/],
    ['the same name twice', `${withCase(ok)}  - { name: one, ${ok} }\n`, /^7:13 Two cases are called "one"/],
    ['two documents', `${withCase(ok)}---\nkind: Rehearsal\n`, /^8:1 A rehearsal file holds one document/],
  ])('%s', (_what, text, said) => {
    expect(problems(text).join('\n')).toMatch(said);
    expect(read(text).rehearsal).toBeNull();
  });
});

describe('a hostile file', () => {
  test.each<[string, string]>([
    [
      'a billion laughs',
      `${head}x: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map(
          (key, index) =>
            `${key}: &${key} [${Array(10)
              .fill(`*${index === 0 ? 'a' : 'abcdefgh'[index]}`)
              .join(',')}]`,
        )
        .join('\n')}`,
    ],
    ['brackets without end', `${head}cases: ${'['.repeat(100_000)}`],
    ['an alias of itself', `${head}cases: &a [*a]`],
    ['two thousand cases', `${head}cases:\n${'  - { name: x, expect: { run: done } }\n'.repeat(2_000)}`],
    ['keys of every object', `${head}__proto__: { polluted: true }\ncases: []`],
    ['acts that are no mappings', withCase('act: [null, 3, [], "", { __proto__: { confirm: a } }]', ok)],
    ['a step by the name of a method', withCase('expect: { steps: { constructor: { state: toString } } }')],
  ])('%s is an error', (_what, text) => {
    const { rehearsal, problems } = read(text);
    expect(rehearsal).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
