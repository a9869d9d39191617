// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import { expect, test } from 'vitest';
import { flagOf } from '#app/domain/run/flag-of.ts';
import { stepOffer } from '#app/domain/run/offers.ts';
import { step } from '../../support/pages/runs.ts';

const inputs = { flag: 'voiceover-v2' };

test.each([
  ['its plan', 'flag.kill', { target: 'flag/production/voiceover-v2' }, '${{ inputs.other }}', 'voiceover-v2'],
  ['what its run was opened with, before a plan', 'flag.kill', null, '${{ inputs.flag }}', 'voiceover-v2'],
  ['what the runbook writes', 'flag.expose', null, 'voice-v3', 'voice-v3'],
])('the flag of a step is known by %s', (_, uses, plan, given, flag) => {
  expect(flagOf({ uses, plan }, given, inputs)).toBe(flag);
});

test.each([
  ['of traffic', 'cloudrun.traffic', { target: 'traffic/voiceover' }, '${{ inputs.flag }}'],
  ['whose flag an earlier step tells', 'flag.kill', null, '${{ steps.find.outputs.flag }}'],
  ['without a name', 'flag.kill', null, undefined],
])('a step %s has none', (_, uses, plan, given) => {
  expect(flagOf({ uses, plan }, given, inputs)).toBeNull();
});

test('whoever owns a flag passes over a step whose plan could not be made, and nobody else of product does', () => {
  const unplanned = step('kill', 0, { state: 'blocked', reason: 'Unleash does not answer.', flag: 'voiceover-v2' });
  const offer = (flags: string[]) => stepOffer('skip', { state: 'open' }, unplanned, { role: 'product', flags }, 'act');
  expect(offer(['voiceover-v2'])).toEqual({ why: null });
  expect(offer(['other'])).toEqual({ why: 'You may act on flags you own only.' });
});
