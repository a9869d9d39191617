// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression, parseTemplate } from '#app/domain/runbook/expression-syntax.ts';
import { evaluateWhen, interpolate, type Scope } from '#app/domain/runbook/expressions.ts';

const scope: Scope = {
  inputs: { flag: 'voiceover-v2', percent: '5', live: 'true' },
  steps: {
    kill: { result: 'not_improved', outputs: { flag: 'voiceover-v2' } },
    ask: { result: 'none', outputs: { outcome: 'failing' } },
    passed: { result: 'none', outputs: {} },
  },
  incident: { id: 'i1', title: 'Voiceover burns', slo: null },
  service: null,
};

describe('when', () => {
  it.each([
    ["steps.kill.result in ['not_improved', 'worse']", 'met', 'The result of kill is “not improved”.'],
    [
      "steps.kill.result == 'improved'",
      'not-met',
      'The result of kill is “not improved”; this step is for “improved”.',
    ],
    ["steps.kill.result != 'improved'", 'met', 'The result of kill is “not improved”.'],
    ["steps.ask.outputs.outcome == 'failing'", 'met', 'The outcome of ask is “failing”.'],
    [
      "steps.passed.outputs.outcome == 'failing'",
      'not-met',
      'The outcome of passed is unknown; this step is for “failing”.',
    ],
    ["steps.later.result == 'improved'", 'not-yet', 'Waits for the step later.'],
    ['inputs.percent == 5', 'met', 'The input percent is “5”.'],
    ['inputs.live', 'met', 'The input live is “true”.'],
    ["incident.slo == 'x'", 'not-met', "The incident's slo is unknown; this step is for “x”."],
    ['incident.slo == null', 'met', "The incident's slo is unknown."],
    ["service.id == 'x'", 'not-met', "The service's id is unknown; this step is for “x”."],
    ["${{ inputs.flag == 'voiceover-v2' }}", 'met', 'The input flag is “voiceover-v2”.'],
    ["'a' in [inputs.flag, 'a']", 'met', 'The condition is “a”.'],
  ])('%s is %s', (when, state, why) => expect(evaluateWhen(when, scope)).toEqual({ state, why }));

  it.each([
    'inputs.none == 1',
    'inputs.__proto__ == 1',
    'inputs.constructor == 1',
    'steps.kill.epoch == 1',
    'inputs. ==',
    '1 ==',
    '',
  ])('says that %j is an error, and does not throw', (when) => expect(evaluateWhen(when, scope).state).toBe('error'));

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void evaluateWhen(text, scope)));
    const near = fc.array(fc.constantFrom('steps', '.', 'kill', 'in', '[', ']', ',', "'a", "'", '==', '!=', ' ', '1'));
    fc.assert(fc.property(near, (parts) => void evaluateWhen(parts.join(''), scope)));
  });
});

describe('syntax', () => {
  it.each([
    ["steps.a.result = 'x'", 15],
    ["steps.a.result == 'x' && inputs.b", 22],
    ["steps.a.result == 'x' or inputs.b", 22],
    ['secrets.token', 0],
    ["inputs.a in 'x'", 12],
    ["inputs.a in ['x'", 16],
    ['inputs', 0],
    ['inputs.a ==', 11],
    ['`rm -rf /`', 0],
    ["'never closed", 0],
  ])('refuses %s at offset %d', (text, at) => expect(parseExpression(text)).toMatchObject({ ok: false, at }));

  it('counts offsets of a template from its start', () => {
    expect(parseTemplate('x ${{ inputs.a == }}')).toMatchObject({ ok: false, at: 17 });
    expect(parseTemplate('x ${{ inputs.a')).toMatchObject({ ok: false, at: 2 });
    expect(parseTemplate('ab ${{ inputs.a }}')).toEqual({
      ok: true,
      value: ['ab ', { kind: 'lookup', path: ['inputs', 'a'], at: 7 }],
    });
  });
});

describe('interpolate', () => {
  it('fills texts deeply, keeps types of whole expressions, joins the rest', () => {
    const filled = interpolate(
      {
        to: '${{ inputs.flag }}',
        note: 'Killed ${{ inputs.flag }}: ${{ steps.kill.result }}.',
        list: ["${{ 'a}}' }}"],
        n: 5,
      },
      scope,
    );
    expect(filled).toEqual({
      ok: true,
      value: { to: 'voiceover-v2', note: 'Killed voiceover-v2: not_improved.', list: ['a}}'], n: 5 },
    });
  });

  it('names what has no value instead of writing "undefined" into the world', () => {
    const filled = interpolate(
      { a: '${{ inputs.gone }}', b: '${{ steps.later.result }}', c: '${{ incident.slo }}' },
      scope,
    );
    expect(filled).toEqual({
      ok: false,
      problems: [
        'Nothing was found for the input “gone”: skip this step, or open the runbook anew and name one.',
        'The step later has not ended.',
        '${{ incident.slo }} has no value.',
      ],
    });
  });

  it('leaves text without expressions exactly as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${{')),
        (text) => {
          expect(interpolate({ text }, scope)).toEqual({ ok: true, value: { text } });
        },
      ),
    );
  });
});
