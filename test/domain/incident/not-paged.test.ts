import { expect, test } from 'vitest';
import { type NotPaged, notPagedText } from '#app/domain/incident/not-paged.ts';

const open: NotPaged = { status: 'open', mode: 'act', pagers: ['firebreak'], isTroubled: false };

test.each<[string, Partial<NotPaged>, string]>([
  ['before delivery', {}, 'the page is being sent'],
  ['once it was refused', { isTroubled: true }, 'nobody was paged so far'],
  ['over before delivery', { status: 'resolved' }, 'it ended before PagerDuty had taken a page'],
  [
    'while Cloud Monitoring pages',
    { pagers: ['shadow', 'cloud-monitoring'], mode: 'observe' },
    'Cloud Monitoring pages for this: no PagerDuty incident of it was read',
  ],
  ['while only watching', { mode: 'observe' }, 'nobody was paged by Firebreak, which is set to observe'],
  ['in shadow', { pagers: ['shadow'] }, 'nobody was paged: its paging is set to shadow'],
  ['without an alert that pages', { pagers: [] }, 'nobody was paged so far'],
  ['without one, over', { pagers: [], status: 'resolved' }, 'nobody was paged'],
])('%s', (_name, more, text) => {
  expect(notPagedText({ ...open, ...more })).toBe(text);
});
