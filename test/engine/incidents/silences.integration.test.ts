import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { SilenceScope } from '#app/domain/silence/silence.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { settlePages } from '#app/engine/incidents/settle-pages.server.ts';
import type { AlertVerdict } from '#app/engine/incidents/verdict.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createSilenceStore } from '#app/stores/silences.server.ts';
import type { SloState } from '#app/stores/stores.ts';
import { history } from '../../support/pages/world.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const minute = 60_000;
const later = (minutes: number) => at.clock.advance(minutes * minute);
const source = { project: 'film-studio', filter: 'x' };
const slo = (id: string, service: string) => ({
  ...{ id, title: id, service, paging: 'firebreak', objective: 0.999, period: { kind: 'rolling', days: 30 } },
  indicator: { kind: 'ratio', total: source, bad: source },
});
const catalog = async () =>
  ({
    ...(await at.deps.catalog()),
    slos: [slo('voiceover-availability', 'voiceover'), slo('voiceover-latency', 'voiceover')],
  }) as unknown as Catalog;
const deps = () => ({ ...at.deps, catalog });

const silences = () => createSilenceStore(at.db, at.deps.notify, appendAudit);
const ada = () => ({ name: 'Ada', email: 'ada@studio.example', at: at.clock.now(), address: null });
const silence = (scope: SilenceScope, target: string, minutes: number) =>
  silences().make({ scope, target, until: at.clock.now() + minutes * minute, reason: 'Load test' }, ada());
const apply = (...verdicts: AlertVerdict[]) =>
  at.db.transaction().execute((tx) => applyAlertTransitions(deps(), tx, verdicts));
const burn = (id = 'voiceover-availability') => apply(at.verdict(id, 'page-fast'));
const deliver = () => at.deliver({ catalog });
const paged = async () => (await at.deps.pagerDuty.openIncidents()).length;
const words = async () => {
  const [incident] = await at.incidents.recent(1);
  return (await at.incidents.timeline(incident!.id)).map(({ text }) => text);
};
/** As the engine looks again by itself; the last evaluation of all is a burning one. */
const settle = () => {
  const evaluation = history('voiceover-availability', []).evaluation;
  const states = async () =>
    ['voiceover-availability', 'voiceover-latency'].map((id) => ({ slo: id, evaluation }) as unknown as SloState);
  return settlePages({ ...deps(), states });
};

test.each([
  ['slo', 'voiceover-availability'],
  ['service', 'voiceover'],
  ['source', 'film-studio'],
] as const)(
  'a silenced %s opens its incident and pages nobody; what still burns at the end pages then, and says so',
  async (scope, target) => {
    await silence(scope, target, 60);
    expect(await burn()).toMatchObject([{ change: 'opened' }]);
    expect([await deliver(), await paged()]).toEqual([0, 0]);
    expect(await words()).toContainEqual(
      expect.stringMatching(
        /^Would have paged: voiceover-availability burns \(silenced by Ada until .* UTC: Load test\)$/,
      ),
    );
    later(59);
    await burn();
    expect(await deliver()).toBe(0);
    later(1);
    await burn();
    expect([await deliver(), await paged()]).toEqual([1, 1]);
    expect(await words()).toContain('It still burns and its silence is over: it pages now.');
    later(1);
    await burn();
    expect(await deliver()).toBe(0);
  },
);

test('it pages at the end though no evaluation comes: a blind source holds the alert, not the page', async () => {
  await silence('service', 'voiceover', 30);
  await burn();
  later(29);
  await settle();
  expect(await deliver()).toBe(0);
  later(2);
  await settle();
  await settle();
  expect([await deliver(), await deliver(), await paged()]).toEqual([1, 0, 1]);
});

test('what ends under a silence pages nobody, and is in the record', async () => {
  await silence('service', 'voiceover', 30);
  await burn();
  later(5);
  expect(await apply(at.verdict('voiceover-availability', null))).toMatchObject([{ change: 'resolved' }]);
  later(60);
  await settle();
  expect(await at.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  expect((await words()).at(-1)).toMatch(/^Resolved/);
});

test('a silence after the page neither resolves it nor lets another leave, and its end is told', async () => {
  await burn();
  await deliver();
  later(1);
  await silence('service', 'voiceover', 120);
  await burn();
  expect([await deliver(), await paged()]).toEqual([0, 1]);
  expect((await words()).filter((text) => text.startsWith('Would have paged'))).toEqual([]);
  const desk = at.pagerDuty.desk;
  desk.resolve(desk.standing()[0]!, { id: 'UADA', type: 'user_reference', name: 'Ada' });
  later(40);
  await burn();
  expect(await deliver()).toBe(0);
  await apply(at.verdict('voiceover-availability', null));
  expect(await deliver()).toBe(1);
});

test('of two that overlap the longer one counts, and ending both by hand pages at once', async () => {
  const long = await silence('service', 'voiceover', 90);
  await silence('slo', 'voiceover-availability', 30);
  await burn();
  later(31);
  await burn();
  expect(await deliver()).toBe(0);
  expect(await silences().end(long, ada())).toBe(true);
  await burn();
  expect(await deliver()).toBe(1);
});

test('an SLO that nobody silenced pages though another of its incident is silenced', async () => {
  await silence('slo', 'voiceover-availability', 60);
  await burn();
  expect(await deliver()).toBe(0);
  await apply(at.verdict('voiceover-availability', 'page-fast'), at.verdict('voiceover-latency', 'page-slow'));
  expect(await deliver()).toBe(1);
  expect(await at.deps.pagerDuty.openIncidents()).toMatchObject([{ title: 'voiceover-latency burns' }]);
  expect(await words()).not.toContain('It still burns and its silence is over: it pages now.');
});

test('a page that waited for PagerDuty does not leave under a silence, and does once it is over', async () => {
  at.pagerDuty.faults.set('pagerduty', '500');
  await burn();
  expect(await deliver()).toBe(0);
  await silence('service', 'voiceover', 30);
  at.pagerDuty.faults.set('pagerduty', 'none');
  later(10);
  expect([await deliver(), await deliver(), await paged()]).toEqual([0, 0, 0]);
  expect(await words()).toContainEqual(expect.stringContaining('A page that waited did not leave: silenced by Ada'));
  expect((await at.incidents.open())[0]?.pageTrouble).toBeUndefined();
  later(21);
  await burn();
  expect([await deliver(), await paged()]).toEqual([1, 1]);
});

test('is made, extended and ended with its audit line; what is over is neither', async () => {
  const id = await silence('service', 'voiceover', 30);
  const until = at.clock.now() + 90 * minute;
  expect(await silences().extend(id, until, ada())).toBe(true);
  expect(await silences().extend(id, until, ada())).toBe(false);
  later(45);
  expect(await silences().standing(at.clock.now())).toMatchObject([{ id, until, by: 'Ada', reason: 'Load test' }]);
  expect(await silences().past(at.clock.now(), 9)).toEqual([]);
  expect([await silences().end(id, ada()), await silences().end(id, ada())]).toEqual([true, false]);
  expect(await silences().extend(id, until + 1, ada())).toBe(false);
  expect(await silences().standing(at.clock.now())).toEqual([]);
  expect(await silences().past(at.clock.now(), 9)).toMatchObject([{ id, endedBy: 'Ada' }]);
  expect(await silences().past(at.clock.now(), 9, at.clock.now() - 60 * minute)).toEqual([]);
  const lines = await createAuditStore(at.db, (text) => text).page({ limit: 9 });
  expect(lines.map(({ action, target, reason }) => [action, target, reason])).toEqual([
    ['silence.end', 'service/voiceover', 'Load test'],
    ['silence.extend', 'service/voiceover', 'Load test'],
    ['silence.make', 'service/voiceover', 'Load test'],
  ]);
});
