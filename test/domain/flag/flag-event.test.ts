import { expect, test } from 'vitest';
import { describeFlagEvent } from '#app/domain/flag/flag-event.ts';
import { rollout } from './strategies.ts';

const event = (
  type: string,
  data: unknown = null,
  preData: unknown = null,
  environment: string | null = 'production',
) => describeFlagEvent({ type, flag: 'voiceover-v2', environment, data, preData })?.title ?? null;
const byUser = (percent: number) =>
  rollout(percent, { parameters: { rollout: String(percent), stickiness: 'userId' } });

test.each([
  [event('feature-environment-enabled'), 'voiceover-v2 turned on in production'],
  [event('feature-environment-disabled'), 'voiceover-v2 turned off in production'],
  [event('feature-strategy-update', rollout(25), rollout(5)), 'voiceover-v2 rolled out 5 → 25 % in production'],
  [event('feature-strategy-add', byUser(5)), 'voiceover-v2 rolled out to 5 % of users by userId in production'],
  [event('feature-strategy-remove', null, rollout(100)), 'voiceover-v2 no longer rolled out to everyone in production'],
  [
    event('feature-strategy-update', byUser(25), rollout(25)),
    'voiceover-v2 rolled out to 25 % of users by userId (was 25 % of users) in production',
  ],
  [
    event('feature-strategy-update', rollout(25, { disabled: true }), rollout(25)),
    'voiceover-v2 no longer rolled out to 25 % of users in production',
  ],
  [event('feature-strategy-update', rollout('150'), rollout(5)), 'voiceover-v2 rolled out 5 → 100 % in production'],
  [event('feature-strategy-add', { name: 'default' }), 'voiceover-v2 rolled out to everyone in production'],
  [event('feature-archived', null, null, null), 'voiceover-v2 archived'],
  [event('feature-dependency-added', { feature: 'parent' }, null, null), 'voiceover-v2 now depends on parent'],
  [event('feature-tagged', {}), null],
  [event('feature-stale-off', null, null, null), 'voiceover-v2 no longer marked stale'],
  [
    event('feature-metadata-updated', { type: 'experiment' }, { type: 'release' }, null),
    'voiceover-v2 is of type experiment (was release)',
  ],
  [
    event(
      'feature-metadata-updated',
      { type: 'release', description: 'b' },
      { type: 'release', description: 'a' },
      null,
    ),
    'voiceover-v2 described anew',
  ],
  [event('feature-strategy-update'), 'voiceover-v2 strategy changed in production'],
])('%s', (title, expected) => expect(title).toBe(expected));
