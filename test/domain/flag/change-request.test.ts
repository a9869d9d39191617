import { expect, test } from 'vitest';
import { decideRefusal } from '#app/domain/flag/change-request.ts';

const open = { state: 'open' as const };
const actor = (role: 'viewer' | 'product' | 'responder', teams: string[] = []) => ({
  ...{ role, teams, email: 'vera@studio.example' },
});

test.each([
  ['an owner', actor('product', ['voice']), null],
  ['a responder', actor('responder'), null],
  ['a product person of another team', actor('product', ['web']), 'It is for voice, or a responder.'],
  ['a viewer, though of the team that owns it', actor('viewer', ['voice']), 'Viewers read; a responder acts.'],
])('a request is answered by owners and responders: %s', (_who, who, expected) => {
  expect(decideRefusal(open, ['voice'], who)).toBe(expected);
});

test('once it is answered nobody answers it again', () => {
  expect(decideRefusal({ state: 'declined' }, ['voice'], actor('responder'))).toBe('It is answered already.');
});
