// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf } from './html.ts';

const head = '---\nrunbook: { version: 1, inputs: { flag: { type: flag } } }\n---\n';
const step = (yaml: string) => `${head}\`\`\`yaml runbook-step\n${yaml}\n\`\`\`\n`;
/** Line of the first line of YAML in `step`. */
const first = 5;

describe('a step', () => {
  it('is read whole', () => {
    const runbook = parseRunbook(
      step(`id: kill-flag
title: Turn it off
uses: flag.kill
with: { flag: "\${{ inputs.flag }}", environment: production }
require: { slo: a, burn_over: 6, window: 5m }
verify:  { slo: a, burn_under: 1, window: 5m, within: 15m }
expires: 7d`),
      'v.md',
    );
    expect(runbook.problems).toEqual([]);
    expect(runbook.steps).toEqual([
      {
        line: 4,
        column: 1,
        id: 'kill-flag',
        title: 'Turn it off',
        uses: 'flag.kill',
        with: { flag: '${{ inputs.flag }}', environment: 'production' },
        when: null,
        require: { slo: 'a', burnOver: 6, window: '5m' },
        verify: { slo: 'a', burnUnder: 1, window: '5m', within: 900_000 },
        expires: 604_800_000,
        places: expect.objectContaining({ 'verify.within': { line: 10, column: 55 } }),
      },
    ]);
    expect(runbook.blocks).toMatchObject([{ kind: 'step', step: { id: 'kill-flag' } }]);
  });

  it.each([
    ['id: a\nuses: flag.kil\nwith: { flag: x, environment: p }', 1, 7, /"uses" is "flag.kil"; allowed: slo.check/],
    ['id: a\nuses: flag.kill\nwith: { flag: x, environment: p }\nretries: 3', 3, 1, /Unknown field "retries"/],
    ['id: a\nuses: flag.kill\nwith: { flag: x, enviroment: p }', 2, 18, /Unknown field "enviroment" in with/],
    ['id: a\nuses: flag.kill\nwith: { flag: x }', 2, 1, /"environment" is missing/],
    ['id: a\nuses: flag.kill', 0, 1, /"flag" is missing/],
    ['id: A b\nuses: pagerduty.acknowledge', 0, 5, /An id is lower-case/],
    ['uses: pagerduty.acknowledge', 0, 1, /"id" is missing/],
    ['id: a\nuses: cloudrun.traffic\nwith: { to: LATEST, percent: 150 }', 2, 30, /100/],
    [
      'id: a\nuses: cloudrun.traffic\nwith: { to: LATEST, percent: 100, first: 5, hold: 2 min }',
      2,
      51,
      /not a duration/,
    ],
    ['id: a\nuses: pagerduty.acknowledge\nexpires: tomorrow', 2, 10, /"tomorrow" is not a duration/],
    ['id: a\nuses: pagerduty.acknowledge\nverify: { slo: a, burn_under: 0, window: 5m, within: 15m }', 2, 31, /0/],
    [
      'id: a\nuses: pagerduty.acknowledge\nverify: { slo: a, burn_under: 1, window: 7m, within: 15m }',
      2,
      42,
      /"window" is "7m"/,
    ],
    ['id: a\nuses: [\n', 3, 1, /must be sufficiently indented/],
    ['id: a\nid: b\nuses: pagerduty.acknowledge', 1, 1, /unique/i],
    ["id: a\nuses: pagerduty.acknowledge\nwhen: inputs.flog == 'x'", 2, 7, /There is no input "flog"/],
    ["id: a\nuses: pagerduty.acknowledge\nwhen: inputs.flag == 'x' and 1", 2, 26, /"and" is not expected/],
    ["id: a\nuses: pagerduty.acknowledge\nwhen: steps.b.result == 'x'", 2, 7, /There is no step "b"/],
    [
      'id: a\nuses: flag.kill\nwith: { flag: "x${{ inputs.flga }}", environment: p }',
      2,
      21,
      /There is no input "flga"/,
    ],
    [
      'id: a\nuses: flag.kill\nwith:\n  flag: ${{ incident.flag }}\n  environment: p',
      3,
      13,
      /There is no name of the incident "flag"/,
    ],
    ['id: a\nuses: flag.kill\nwith: { flag: "${{ inputs.flag", environment: p }', 2, 16, /never closed/],
    ['id: a\nuses: flag.kill\nwith: { flag: "${{ run(1) }}", environment: p }', 2, 23, /"\(" is not understood/],
    ['- a', -1, 1, /holds no keys/],
    ['', -1, 1, /holds no keys/],
  ])('%j is refused at its place', (yaml, line, column, message) => {
    const runbook = parseRunbook(step(yaml), 'runbooks/v.md');
    const expected = { file: 'runbooks/v.md', severity: 'error', line: first + line, column };
    expect(runbook.problems).toContainEqual(
      expect.objectContaining({ ...expected, message: expect.stringMatching(message) }),
    );
  });

  it('that is not valid stays readable text with its copy button', () => {
    const runbook = parseRunbook(step('id: a\nuses: shell.run'), 'v.md');
    expect(runbook.steps).toEqual([]);
    expect(htmlOf(runbook)).toContain('data-copy="id: a\nuses: shell.run\n"');
  });

  it('may look up only steps that stand above it', () => {
    const fence = (id: string, when: string) =>
      `\`\`\`yaml runbook-step\nid: ${id}\nuses: manual\nwith: { ask: x }\n${when}\`\`\`\n`;
    const problems = (text: string) => parseRunbook(text, 'v.md').problems.map((problem) => problem.message);
    expect(problems(fence('a', '') + fence('b', "when: steps.a.outputs.outcome == 'x'\n"))).toEqual([]);
    expect(problems(fence('a', "when: steps.b.result == 'x'\n") + fence('b', ''))).toEqual([
      'The step "b" comes later.',
    ]);
    expect(problems(fence('a', '') + fence('b', "when: steps.a.outputs.colour == 'x'\n"))).toEqual([
      'manual has no output "colour".',
    ]);
    expect(problems(fence('a', '') + fence('b', "when: steps.a == 'x'\n"))).toEqual([
      'A step is looked up as steps.a.result or steps.a.outputs.<name>.',
    ]);
    expect(problems(fence('a', '') + fence('a', ''))).toEqual(['The id "a" is used twice.']);
  });

  it('compares outcomes and answers only with what they can be', () => {
    const ask = '```yaml runbook-step\nid: ask\nuses: manual\nwith: { ask: x, outcomes: [failing, healthy] }\n```\n';
    const then = (when: string) =>
      parseRunbook(
        `${ask}\`\`\`yaml runbook-step\nid: then\nuses: pagerduty.acknowledge\nwhen: ${when}\n\`\`\`\n`,
        'v.md',
      );
    const failing = "steps.ask.outputs.outcome == 'failing'";
    expect(then(failing).problems).toEqual([]);
    expect(then("steps.ask.outputs.outcome in ['failing', 'healthy']").problems).toEqual([]);
    expect(then("steps.ask.outputs.outcome in ['failing', 'heathy']").problems).toMatchObject([
      {
        severity: 'error',
        message: '"heathy" is never what steps.ask.outputs.outcome is: failing, healthy.',
        hint: 'Did you mean "healthy"?',
        line: 9,
        column: 7,
      },
    ]);
    expect(then("steps.ask.result == 'improvd'").problems).toHaveLength(1);
    expect(then('steps.ask.outputs.outcome == null').problems).toEqual([]);
  });

  it('gets exact places wherever its fence is indented to', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.constantFrom('', '1. ', '- ', '> ', '> - '), fc.boolean(), (lines, mark, crlf) => {
        const indent = mark.startsWith('>') ? `>${' '.repeat(mark.length - 1)}` : ' '.repeat(mark.length);
        const fence = ['```yaml runbook-step', 'id: a', 'uses: flag.kill', 'with:', '  flag: x', '  wrong: y', '```'];
        const text = `${'text\n\n'.repeat(lines)}${fence.map((line, index) => (index === 0 ? mark : indent) + line).join('\n')}\n`;
        const { problems } = parseRunbook(crlf ? text.replaceAll('\n', '\r\n') : text, 'v.md');
        expect(problems).toContainEqual(
          expect.objectContaining({
            message: 'Unknown field "wrong" in with.',
            line: 2 * lines + 6,
            column: mark.length + 3,
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('inside a list keeps its place there and follows behind the list', () => {
    const runbook = parseRunbook(
      '1. first\n\n   ```yaml runbook-step\n   id: a\n   title: Say <so>\n   uses: pagerduty.acknowledge\n   ```\n\n2. second',
      'v.md',
    );
    expect(runbook.blocks.map((block) => block.kind)).toEqual(['html', 'step']);
    expect(htmlOf(runbook)).toMatch(
      /first<\/p>\s*<p class="step-here"><a href="#step-a"[^>]*>Say &lt;so&gt;<\/a><\/p>\s*<\/li>\s*<li/,
    );
    expect(htmlOf(runbook)).toContain('second');
  });

  it('that is never closed is no step', () => {
    const runbook = parseRunbook('```yaml runbook-step\nid: a\nuses: pagerduty.acknowledge\n', 'v.md');
    expect(runbook.steps).toEqual([]);
    expect(runbook.problems).toMatchObject([{ line: 1, column: 1, message: 'This fence is never closed.' }]);
    expect(htmlOf(runbook)).toContain('id: a');
  });

  it.each(['```runbook-step', '```yaml', '```yaml title="runbook-step"', '```yaml x runbook-step'])(
    '%j is text: only the second word counts',
    (fence) => {
      const runbook = parseRunbook(`${fence}\nid: a\nuses: pagerduty.acknowledge\n\`\`\``, 'v.md');
      expect(runbook.steps).toEqual([]);
      expect(runbook.problems).toEqual([]);
    },
  );

  it('warns of a fence whose second word is nearly ours', () => {
    expect(parseRunbook('```yaml runbook-steps\nid: a\n```', 'v.md').problems).toMatchObject([
      { severity: 'warning', line: 1, hint: 'Did you mean "runbook-step"?' },
    ]);
  });
});

describe('a panel', () => {
  const panel = (yaml: string) => parseRunbook(`\`\`\`yaml runbook-panel\n${yaml}\n\`\`\``, 'v.md');

  it.each([
    ['show: burn\nslo: a', { show: 'burn', options: { slo: 'a' } }],
    ['show: changes\nrange: 2h', { show: 'changes', options: { range: '2h' } }],
    ['show: failures', { show: 'failures', options: {} }],
    ['show: chart\nslo: a\ntitle: T', { show: 'chart', options: { slo: 'a', title: 'T' } }],
  ])('is read: %j', (yaml, expected) => {
    expect(panel(yaml).blocks).toMatchObject([{ kind: 'panel', panel: { line: 1, ...expected } }]);
    expect(panel(yaml).problems).toEqual([]);
  });

  it.each([
    ['show: burns\nslo: a', 2, 7, /"show" is "burns"/],
    ['show: burn', 2, 1, /"slo" is missing/],
    ['show: burn\nslo: a\nsize: big', 4, 1, /Unknown field "size"/],
    ['show: changes\nrange: today', 3, 8, /not a duration/],
    ['slo: a', 2, 1, /"show" is missing/],
  ])('is refused: %j', (yaml, line, column, message) => {
    expect(panel(yaml).problems[0]).toMatchObject({ line, column, message: expect.stringMatching(message) });
    expect(panel(yaml).blocks).toMatchObject([{ kind: 'html' }]);
  });
});
