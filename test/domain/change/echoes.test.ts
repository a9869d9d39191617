import { describe, expect, test } from 'vitest';
import type { Change } from '#app/domain/change/change.ts';
import { withoutEchoes } from '#app/domain/change/echoes.ts';
import { monday } from '../slo/make.ts';

const change = (over: Partial<Change>): Change => ({
  id: 'seen',
  source: 'cloud-run',
  externalId: 'x',
  kind: 'revision',
  at: monday,
  service: 'voiceover',
  environment: 'production',
  target: 'voiceover-00042-eou',
  title: 'voiceover-00042-eou took 100 % of traffic',
  actor: null,
  commit: '273d338',
  url: null,
  before: null,
  after: { 'voiceover-00042-eou': 100 },
  ...over,
});
const seen = change({});
const told = change({
  id: 'told',
  source: 'pagerduty',
  kind: 'other',
  at: monday + 40_000,
  target: 'voiceover',
  title: 'Deployed voiceover-00042-eou: Read takes from the new table',
  actor: 'mira@studio.example',
  commit: '273d338b3f0e',
  url: 'https://ci.example/1',
  after: { revision: 'voiceover-00042-eou' },
});

describe('a deployment that its tool tells of too', () => {
  test('stands once, whichever was recorded first, with the link and the author of the telling', () => {
    const once = { ...seen, url: told.url, actor: told.actor };
    expect(withoutEchoes([told, seen])).toEqual([once]);
    expect(withoutEchoes([seen, told])).toEqual([once]);
  });

  test('is known by its commit where the telling names no revision', () => {
    expect(withoutEchoes([seen, { ...told, after: null }])).toHaveLength(1);
    expect(withoutEchoes([seen, { ...told, after: null, commit: 'ffffff1' }])).toHaveLength(2);
    expect(withoutEchoes([seen, { ...told, after: null, commit: '27' }])).toHaveLength(2);
  });

  test('is another one when it is of another service, or of another time', () => {
    expect(withoutEchoes([seen, { ...told, service: 'studio-api' }])).toHaveLength(2);
    expect(withoutEchoes([seen, { ...told, at: monday + 3_600_000 }])).toHaveLength(2);
  });

  test('does not fold what is no deployment', () => {
    const migration = change({
      id: 'm',
      source: 'pagerduty',
      kind: 'migration',
      target: '0042',
      commit: null,
      after: null,
    });
    expect(withoutEchoes([seen, migration])).toEqual([seen, migration]);
    const flag = change({ id: 'f', source: 'unleash', kind: 'flag', target: 'voiceover-00042-eou' });
    expect(withoutEchoes([flag, told])).toHaveLength(2);
  });
});
