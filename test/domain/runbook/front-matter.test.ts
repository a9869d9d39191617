import { describe, expect, it } from 'vitest';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf } from './html.ts';

const full = `---
title: Voiceover burns
owner: media-platform
tags: [a, b]          # another tool's
last_reviewed_on: 2026-11-01
review_in: 3 months
runbook:
  version: 1
  service: voiceover
  slos: [voiceover-availability]
  inputs:
    flag: { type: flag, default: most-recently-changed, label: Suspect flag }
    n: { type: number, default: 5 }
---
# H1
`;

describe('front matter', () => {
  it('is read', () => {
    expect(parseRunbook(full, 'runbooks/v.md')).toMatchObject({
      slug: 'v',
      title: 'Voiceover burns',
      owner: 'media-platform',
      lastReviewedOn: '2026-11-01',
      reviewInDays: 91,
      service: 'voiceover',
      slos: ['voiceover-availability'],
      inputs: [
        { name: 'flag', type: 'flag', label: 'Suspect flag', default: 'most-recently-changed' },
        { name: 'n', type: 'number', label: 'n', default: '5' },
      ],
      problems: [],
    });
  });

  it.each([
    ['CRLF', full.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${full}`],
    ['dots at its end', full.replace('\n---\n', '\n...\n')],
  ])('is read with %s', (_how, text) => {
    const runbook = parseRunbook(text, 'v.md');
    expect(runbook).toMatchObject({ title: 'Voiceover burns', service: 'voiceover', problems: [] });
    expect(htmlOf(runbook).trim()).toBe('<h1 id="h1">H1</h1>');
    expect(runbook.places?.service).toEqual({ line: 9, column: 12 });
  });

  it.each([
    ['none', '# A\n\ntext', 'A'],
    ['an empty one', '---\n---\n# A', 'A'],
    ['only comments', '---\n# nothing\n---\n# A', 'A'],
    ['other keys of any kind', '---\n? [complex]\n: 1\ndraft: true\nmenu:\n  main: {weight: -1}\n---\n# A', 'A'],
    ['TOML', '+++\ntitle = "From TOML"\nweight = 3\n+++\n# A', 'From TOML'],
    [
      'TOML of every kind',
      '+++\n# c\nowner = \'x\'\ntitle = "a \\"b\\"" # c\nt = [\n  \'x\', # ]\n]\ns = """\n+ = "x"""\nd = 2026-11-01\n[[menu.main]]\nw = { a = 1 }\n+++\n# A',
      'a "b"',
    ],
    ['JSON of one line', '{ "title": "From JSON", "a": ["}"] }\n# A', 'From JSON'],
    ['a shortcode', '{{< hint >}}\n# A', 'A'],
    ['a brace and text', '{\n\n# A', 'A'],
    ['a rule with a sentence below', '---\nNote: text.\n\n# A', 'A'],
    ['JSON', '{\n  "title": "From JSON"\n}\n# A', 'From JSON'],
    ['two rules with text between', '---\n\nJust text.\n\n---\n# A', 'A'],
    ['a rule and nothing else', '---\n# A', 'A'],
    ['a list', '---\n- a\n- b\n---\n# A', 'A'],
    ['a title that is a number', '---\ntitle: 404\n---\n# A', '404'],
  ])('may be anything: %s', (_what, text, title) => {
    const runbook = parseRunbook(text, 'v.md');
    expect(runbook.title).toBe(title);
    expect(runbook.problems).toEqual([]);
    expect(htmlOf(runbook)).toContain('<h1 id="a">A</h1>');
  });

  it('that is broken is a warning, stays in view, and costs only itself', () => {
    const runbook = parseRunbook('---\ntitle: Still a title\nowner: [oops\n---\n# A\n\n1. go', 'v.md');
    expect(runbook.title).toBe('Still a title');
    expect(runbook.problems).toMatchObject([{ severity: 'warning', line: 4, column: 1 }]);
    expect(htmlOf(runbook)).toContain('owner: [oops');
    expect(htmlOf(runbook)).toContain('<h1 id="a">A</h1>');
  });

  it.each([
    ['YAML without an end', '---\ntitle: x\nowner: y\n\n# A', 1, 1, 'owner: y'],
    ['a long YAML head', `---\ntitle: x\nnotes: ${'y'.repeat(70_000)}\n---\n# A`, 1, 1, 'title: x'],
    ['TOML without an end', '+++\ntitle = "x"\n\n# A', 1, 1, 'title ='],
    ['a TOML text without an end', '+++\na = [\n "b",\n]\n title = "x\n+++\n# A', 5, 2, 'title = &quot;x'],
    ['TOML that is none', '+++\ntitle: x\n+++\n# A', 2, 1, 'title: x'],
    ['a TOML key without a value', '+++\ntitle = # x\n+++\n# A', 2, 1, 'title = # x'],
    ['JSON without an end', '{\n  "title": "x",\n\n# A', 1, 1, '&quot;title&quot;'],
    ['JSON that is none', '{\n  "title": "x" "y"\n}\n# A', 2, 16, '&quot;title&quot;'],
  ])('%s is a warning and stays in view', (_what, text, line, column, shown) => {
    const runbook = parseRunbook(text, 'v.md');
    expect(runbook.problems).toMatchObject([{ severity: 'warning', line, column }]);
    expect(htmlOf(runbook)).toContain(shown);
    expect(htmlOf(runbook)).toContain('<h1 id="a">A</h1>');
  });

  it('is as strict in JSON', () => {
    const json = '{"title": "J\\u0041", "runbook": {"version": 1,\n "servise": "x"}}\n# A';
    const runbook = parseRunbook(json, 'v.md');
    expect(runbook.title).toBe('JA');
    expect(runbook.problems).toMatchObject([{ severity: 'error', line: 2, column: 2 }]);
    const right = parseRunbook(json.replace('servise', 'service'), 'v.md');
    expect(right).toMatchObject({ service: 'x', problems: [] });
    expect(htmlOf(right).trim()).toBe('<h1 id="a">A</h1>');
  });

  it('says that a runbook is not declared in TOML', () => {
    for (const toml of ['[runbook]\nversion = 1', 'x = 1\nrunbook.version = 1']) {
      const { problems } = parseRunbook(`+++\n${toml}\n+++\n`, 'v.md');
      expect(problems).toMatchObject([{ severity: 'error', column: 1, hint: expect.stringContaining('YAML') }]);
    }
    expect(parseRunbook('+++\n[menu]\nrunbook = 1\n+++\n', 'v.md').problems).toEqual([]);
  });

  it('that is broken is an error where it declares a runbook', () => {
    const runbook = parseRunbook('---\nrunbook:\n  version: 1\n service: x\n---\n# A', 'v.md');
    expect(runbook.problems[0]).toMatchObject({ severity: 'error', line: 4 });
  });

  it.each([
    ['version: 2', 3, 12, '"version" is 2; allowed: 1.'],
    ['version: 1\n  servise: voiceover', 4, 3, 'Unknown field "servise" in runbook.'],
    [
      'version: 1\n  inputs: { flag: { type: flags } }',
      4,
      27,
      '"type" is "flags"; allowed: flag, revision, string, number, boolean, slo.',
    ],
    [
      'version: 1\n  inputs: { flag: { type: flag, defualt: x } }',
      4,
      33,
      'Unknown field "defualt" in runbook.inputs.flag.',
    ],
    ['version: 1\n  slos: voiceover', 4, 9, '"slos" must be a list, not text.'],
    ['service: voiceover', 2, 1, '"version" is missing.'],
  ])('is strict inside runbook: %j', (inner, line, column, message) => {
    const { problems } = parseRunbook(`---\nrunbook:\n  ${inner}\n---\n`, 'v.md');
    expect(problems).toMatchObject([{ file: 'v.md', severity: 'error', message, line, column }]);
  });

  it('warns of a date that is none', () => {
    const { problems, lastReviewedOn } = parseRunbook(
      '---\nlast_reviewed_on: 2026-02-30\nreview_in: soon\n---\n',
      'v.md',
    );
    expect(lastReviewedOn).toBeNull();
    expect(problems).toMatchObject([
      { severity: 'warning', line: 2, column: 19, hint: 'Write it as 2026-11-01.' },
      { severity: 'warning', line: 3, column: 12 },
    ]);
  });
});
