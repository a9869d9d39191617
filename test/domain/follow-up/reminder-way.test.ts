import { expect, test } from 'vitest';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import { noWay, reminderWay } from '#app/domain/follow-up/reminder-way.ts';

const endpoint = (name: string, use: Endpoint['use'] = 'chat') => ({ name, use }) as Endpoint;
const services = [{ id: 'voiceover', owner: 'media-platform' }] as never[];
const left = { owner: 'linus@studio.example', service: 'voiceover' };
const pages = [
  { id: 'P1', status: 'resolved' as const },
  { id: 'P2', status: 'acknowledged' as const },
];

test('the chat of the owner or their team comes first, then that of the team of the service, then a page that stands', () => {
  const all = [endpoint('voice'), endpoint('media-platform')];
  expect(reminderWay(left, { services, endpoints: all }, ['voice'], pages)).toEqual({
    ...{ kind: 'chat', of: 'owner', names: ['voice'] },
  });
  expect(reminderWay(left, { services, endpoints: all }, [], pages)).toEqual({
    ...{ kind: 'chat', of: 'service', names: ['media-platform'] },
  });
  expect(reminderWay(left, { services, endpoints: [] }, ['voice'], pages)).toEqual({ kind: 'pagerduty', ids: ['P2'] });
});

test('without any of them there is no way, and it is said; what is no chat takes no reminder', () => {
  const probes = [endpoint('voice', 'probe'), endpoint('media-platform', 'webhook')];
  expect(reminderWay(left, { services, endpoints: probes }, ['voice'], pages.slice(0, 1))).toEqual({ kind: 'none' });
  expect(reminderWay({ owner: null, service: null }, { services, endpoints: [] }, [], [])).toEqual({ kind: 'none' });
  expect(noWay('visuals')).toContain('no chat is declared for visuals');
  expect(noWay(null)).toContain('nobody owns it');
});
