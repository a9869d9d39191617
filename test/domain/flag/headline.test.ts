import { expect, test } from 'vitest';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import { exposureHeadline } from '#app/domain/flag/headline.ts';
import { flagState, rollout } from './strategies.ts';

test.each([
  [flagState(false, [rollout(25)]), 'off in production'],
  [flagState(true, [rollout(25)]), '25 % of production'],
  [flagState(true, [rollout(25), rollout(100)]), 'everyone in production'],
  [flagState(true, [rollout(0)]), 'on in production, and it reaches nobody'],
  [flagState(true, [rollout(5), rollout(100, { segments: [1] })]), '5–100 % of production, depending on who asks'],
])('%j is %s', (state, words) => {
  expect(exposureHeadline(effectiveExposure(state), 'production')).toBe(words);
});
