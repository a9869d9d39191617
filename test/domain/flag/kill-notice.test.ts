import { expect, test } from 'vitest';
import type { SuspectList } from '#app/domain/change/change.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { killNotice, killNoticeText } from '#app/domain/flag/kill-notice.ts';

const target = 'flag/production/checkout.new';
const declared: Pick<FlagDeclaration, 'name' | 'owners' | 'slos' | 'safe'> = {
  name: 'checkout.new',
  owners: ['linus@studio.example', 'web'],
  slos: ['checkout-availability'],
  safe: { state: 'off' },
};
const ada = { name: 'Ada', email: 'ada@studio.example', teams: ['platform'] };
const kill = { target, title: 'checkout.new is off in production', at: 7, incidentId: 'i', runId: 'r', stepId: 's' };
const incident = { title: 'checkout burns' };
const suspects = {
  suspects: [
    { target: 'flag/production/other', reasons: ['not this one'] },
    { target, reasons: ['3 min before', 'same service'] },
  ],
} as unknown as SuspectList;

test('says who, why, on what evidence and what brings it back', () => {
  const notice = killNotice({ ...kill, by: ada, reason: 'It burns' }, declared, incident, suspects)!;
  expect(notice).toMatchObject({ flag: 'checkout.new', environment: 'production', by: 'Ada', why: 'It burns.' });
  expect(killNoticeText(notice)).toBe(
    'For linus@studio.example, web: checkout.new is off in production, by Ada. Why: It burns. Evidence: 3 min before; same service. To come back: what was wrong with it is found and mended; checkout-availability burns its budget no faster than it may; the incident is over; then at 5 % first, and looked at before more.',
  );
});

test('without a sentence the incident is the reason, without either nothing is made up', () => {
  const by = (one: typeof incident | null) => killNotice({ ...kill, by: ada, reason: null }, declared, one, null)!;
  expect(by(incident).why).toBe('For the incident "checkout burns".');
  expect(killNoticeText(by(null))).not.toMatch(/Why|Evidence|incident/);
});

test('a fallback that was turned on comes back by no first 5 %', () => {
  const fallback = { ...declared, safe: { state: 'on' } as const };
  expect(killNotice({ ...kill, by: ada, reason: null }, fallback, null, null)!.comeBack.join()).not.toContain('5 %');
});

test.each([
  { ...ada, email: 'linus@studio.example' },
  { ...ada, teams: ['web'] },
])('owners know what they did themselves: %j', (by) => {
  expect(killNotice({ ...kill, by, reason: null }, declared, incident, suspects)).toBeNull();
});
