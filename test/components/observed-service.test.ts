import { expect, test } from 'vitest';
import { shownService } from '#app/components/observed-service.ts';

test('of a stored service only what pages show goes to a browser', () => {
  const stored = {
    service: {
      name: 'projects/film-studio/locations/europe-west1/services/voiceover',
      etag: '"7"',
      ready: true,
      reconciling: false,
      latestReadyRevision: 'v2',
      trafficStatuses: [{ revision: 'v2', percent: 100, tag: null }],
    },
    revisions: [
      {
        name: 'v2',
        createdAt: 1,
        ready: true,
        retired: false,
        image: 'registry/voiceover@sha256:1',
        env: [{ name: 'DATABASE', fingerprint: 'f00d', secret: null }],
        labels: { commit: 'abc1234', author: 'linus', internal: 'planted-label' },
        annotations: { note: 'planted-annotation' },
      },
    ],
    pinnedSince: null,
  };
  const shown = shownService({ value: stored, at: 1, error: null, errorAt: null });
  expect(shown.value?.revisions).toEqual([
    { name: 'v2', createdAt: 1, ready: true, retired: false, labels: { commit: 'abc1234', author: 'linus' } },
  ]);
  expect(JSON.stringify(shown)).not.toMatch(/planted|f00d|etag/);
});
