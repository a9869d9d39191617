import { describe, expect, test } from 'vitest';
import type { Rollout } from '#app/domain/rollout/rollout.ts';
import { actorOf, type Person } from '../support/pages/people.ts';
import { bakingRollout } from '../support/pages/rollouts.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';

const minute = 60_000;
const held = {
  reason: 'approval' as const,
  text: 'This stage waits for the word of media-platform.',
  since: now - minute,
};

/** A rollout that is held because its last stage, 100 %, waits for the word of Ada's team. */
function waitingRollout(part: Partial<Rollout> = {}): Rollout {
  const { plan } = bakingRollout(now);
  const stages = plan.stages.map((stage, index) => (index === 2 ? { ...stage, approve: ['media-platform'] } : stage));
  const stands = { state: 'held' as const, stage: 2, effectAt: null, verdict: null, held };
  return bakingRollout(now, { ...stands, plan: { ...plan, stages }, ...part });
}

const look = async (as: Person, ...rollouts: Rollout[]) => {
  const { text, html, status } = await visit('/approvals', { ...burningWorld(), rollouts }, { as });
  expect(status).toBe(200);
  return { html, text: text.replaceAll('\u202f', ' ') };
};

describe('a rollout that waits for the approval of its next stage', () => {
  test.each(['responder', 'admin'] as const)(
    'stands under what waits for a %s who may give it, and is counted',
    async (as) => {
      const { text, html } = await look(as, waitingRollout());
      expect(text).toMatch(
        /Waiting for you voiceover-v2 in production: 100 % Stage 3 of 3 of a rollout\. Held 1 min ago: This stage waits for the word of media-platform\. Linus drew it up .* Read and approve .*What you asked for/,
      );
      expect(html).toContain('href="/rollouts/rollout-1#decide"');
      expect(text).toContain('Approvals 1 waiting for you');
      expect(text).not.toContain('Nobody waits for you');
      expect(text).not.toContain('Waiting for others');
    },
  );

  test.each([
    ['viewer', waitingRollout()],
    ['product', waitingRollout({ openedBy: actorOf('responder'), actsFor: actorOf('responder') })],
  ] as const)('waits for others than a %s whom it does not name', async (as, rollout) => {
    const { text, html } = await look(as, rollout);
    expect(text).toMatch(
      /Nobody waits for you .*Waiting for others voiceover-v2 in production: 100 %.* Read the rollout/,
    );
    expect(html).toContain('href="/rollouts/rollout-1"');
    expect(text).not.toContain('waiting for you');
  });

  test.each([
    ['drew it up', { openedBy: actorOf('responder') }],
    ['answers for its steps', { actsFor: actorOf('responder') }],
  ])('stands under what was asked for by whoever %s, and does not wait for them', async (_, part) => {
    const { text } = await look('responder', waitingRollout(part));
    expect(text).toMatch(
      /Nobody waits for you .*What you asked for voiceover-v2 in production: 100 % Held 1 min ago.* waits/,
    );
    expect(text).not.toContain('Waiting for others');
    expect(text).not.toContain('waiting for you');
  });

  test('that has waited longest comes first', async () => {
    const older = waitingRollout({ id: 'rollout-2', title: 'older', held: { ...held, since: now - 9 * minute } });
    const { text } = await look('responder', waitingRollout(), older);
    expect(text).toMatch(/Waiting for you older: 100 % .*voiceover-v2 in production: 100 %/);
    expect(text).toContain('Approvals 2 waiting for you');
  });

  test.each([
    ['is watched', bakingRollout(now)],
    [
      'is held for something else',
      waitingRollout({ held: { ...held, reason: 'frozen', text: 'Changes are frozen.' } }),
    ],
    ['has the word', waitingRollout({ approvals: { 2: { by: 'Root', email: 'root@studio.example', at: now } } })],
    ['is over', waitingRollout({ state: 'cancelled', endedAt: now })],
  ])('is none that %s', async (_, rollout) => {
    const { text } = await look('responder', rollout);
    expect(text).toContain('Nobody waits for you');
    expect(text).not.toMatch(/voiceover-v2 in production|waiting for you|Waiting for others/);
  });
});
