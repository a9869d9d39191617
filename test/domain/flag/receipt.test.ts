import { expect, test } from 'vitest';
import type { FlagUsage, Receipt } from '#app/domain/flag/flag.ts';
import { coveringPoll, effectTime } from '#app/domain/flag/poll.ts';
import { advanceReceipt, type ReceiptObservation, servedAnswer, startReceipt } from '#app/domain/flag/receipt.ts';

const s = 1000;
const hour = 3_600_000;
const t0 = 10 * hour + 600 * s;

function app(application: string, yes: number, no: number, over: Partial<FlagUsage> = {}): FlagUsage {
  return { application, instances: 2, pollSeconds: 15, yes, no, hour: 10 * hour, ...over };
}

function look(usage: FlagUsage[] | null, over: Partial<ReceiptObservation> = {}): ReceiptObservation {
  return {
    recorded: { eventId: 42 },
    served: { revision: 7, answer: false },
    witnessed: { answer: false, seenAt: Number.MAX_SAFE_INTEGER },
    usage,
    ...over,
  };
}

/** A kill at t0 of a flag that voiceover evaluates, then looks at the given seconds after. */
function play(
  looks: [seconds: number, seen: ReceiptObservation][],
  before: FlagUsage[] | null = [app('voiceover', 900, 100)],
) {
  let receipt: Receipt = startReceipt({
    flag: 'f',
    environment: 'production',
    expected: false,
    acceptedAt: t0,
    usage: before,
  });
  for (const [seconds, seen] of looks) receipt = advanceReceipt(receipt, seen, t0 + seconds * s);
  return receipt;
}

const text = (receipt: Receipt, layer: string) => receipt.layers.find((one) => one.layer === layer)!.text;
const at = (receipt: Receipt, layer: string) => receipt.layers.find((one) => one.layer === layer)!.at;

test('each layer gets its time, and a quiet report interval with right answers confirms', () => {
  const receipt = play([
    [1, look([app('voiceover', 900, 100)], { recorded: null, served: { revision: 6, answer: true } })],
    [2, look([app('voiceover', 900, 100)])],
    [40, look([app('voiceover', 930, 160)])],
    [60, look([app('voiceover', 930, 400)])],
    [111, look([app('voiceover', 930, 700)])],
  ]);
  expect(receipt.end).toBe('confirmed');
  expect(receipt.layers.map((layer) => layer.at && (layer.at - t0) / s)).toEqual([0, 2, 2, 2, 111]);
  expect(receipt.applications[0]!.text).toBe('540 evaluations answered off, none on');
  expect(text(receipt, 'obeyed')).toBe('1 of 1 application obeys');
});

test('answers from before the change that are reported after it are no contradiction', () => {
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [62, look([app('voiceover', 1200, 140)])],
    [76, look([app('voiceover', 1260, 200)])],
  ]);
  expect(receipt.end).toBeNull();
  expect(receipt.applications[0]!.obeyed).toBeNull();
});

test('wrong answers that began after every poll and report contradict', () => {
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [110, look([app('voiceover', 1200, 140)])],
    [130, look([app('voiceover', 1201, 600)])],
  ]);
  expect(receipt.end).toBe('contradicted');
  expect(receipt.applications[0]).toMatchObject({ obeyed: false });
  expect(text(receipt, 'obeyed')).toBe('voiceover does not obey');
});

test('growth seen after a long gap may be old and does not contradict', () => {
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [200, look([app('voiceover', 1200, 140)])],
  ]);
  expect(receipt.end).toBeNull();
});

test('counts go on across the full hour', () => {
  const eleven = (yes: number, no: number, last: [number, number]) =>
    app('voiceover', yes, no, { hour: 11 * hour, previousHour: { yes: last[0], no: last[1], hour: 10 * hour } });
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [30, look([eleven(0, 0, [930, 160])])],
    [50, look([eleven(0, 50, [930, 190])])],
    [101, look([eleven(0, 120, [930, 190])])],
  ]);
  expect(receipt.end).toBe('confirmed');
  expect(receipt.applications[0]!.text).toBe('150 evaluations answered off, none on');
});

test('a silent application is named and leaves the receipt partly at the deadline', () => {
  const both = (no: number) => look([app('voiceover', 900, no), app('studio-api', 10, 0)]);
  const before = [app('voiceover', 900, 100), app('studio-api', 10, 0)];
  const waiting = play(
    [
      [2, both(100)],
      [90, both(300)],
    ],
    before,
  );
  expect(waiting.end).toBeNull();
  expect(text(waiting, 'obeyed')).toBe('1 of 2 applications obey; waiting for studio-api');
  const late = advanceReceipt(waiting, both(900), waiting.deadline);
  expect(late.end).toBe('partly');
  expect(late.applications.find(({ application }) => application === 'studio-api')!.text).toContain('silent');
});

test('without any report it ends unconfirmed', () => {
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [400, look([app('voiceover', 900, 100)])],
  ]);
  expect(receipt.end).toBe('unconfirmed');
});

test('an application that nothing runs of is not waited for', () => {
  const idle = app('nightly', 5, 5, { instances: 0 });
  const receipt = play(
    [
      [2, look([app('voiceover', 900, 100), idle])],
      [90, look([app('voiceover', 900, 300), idle])],
    ],
    [app('voiceover', 900, 100), idle],
  );
  expect(receipt.end).toBe('confirmed');
  expect(receipt.applications.find(({ application }) => application === 'nightly')!.text).toBe(
    'no instance seen in the last 10 min',
  );
});

test('nobody evaluates the flag and no witness speaks: unobservable long before the deadline, not at once', () => {
  for (const witnessed of [null, { answer: null, seenAt: t0 + hour }, { answer: false, seenAt: t0 }]) {
    expect(play([[2, look([], { witnessed })]], []).end).toBeNull();
    const receipt = play(
      [2, 12].map((seconds) => [seconds, look([], { witnessed })]),
      [],
    );
    expect([receipt.end, at(receipt, 'witnessed')]).toEqual(['unobservable', null]);
    expect(text(receipt, 'witnessed')).toContain('was not seen');
  }
  // One that answers otherwise is heard, and so is an application that comes late; usage that cannot be read says nothing.
  const otherwise = { answer: true, seenAt: t0 + hour };
  expect(
    play(
      [2, 12].map((seconds) => [seconds, look([], { witnessed: otherwise })]),
      [],
    ).end,
  ).toBeNull();
  const unread = [2, 12].map((seconds): [number, ReceiptObservation] => [seconds, look(null, { witnessed: null })]);
  expect(play(unread, []).end).toBeNull();
  const late: [number, ReceiptObservation][] = [
    [2, look([], { witnessed: null })],
    [12, look([app('voiceover', 0, 3)], { witnessed: null })],
  ];
  expect(play(late, []).end).toBeNull();
});

test('nobody evaluates the flag: unobservable as soon as it is witnessed', () => {
  const receipt = play([[2, look([])]], []);
  expect(receipt.end).toBe('unobservable');
});

test('somebody turns it back on while we look: contradicted', () => {
  const receipt = play([
    [2, look([app('voiceover', 900, 100)])],
    [6, look([app('voiceover', 900, 100)], { served: { revision: 9, answer: true } })],
  ]);
  expect(receipt.end).toBe('contradicted');
  expect(text(receipt, 'served')).toContain('revision 9');
});

test('a witness that heard last before the change proves nothing', () => {
  const receipt = play([[2, look([app('voiceover', 900, 100)], { witnessed: { answer: false, seenAt: t0 } })]]);
  expect(at(receipt, 'witnessed')).toBeNull();
});

test('unreadable usage costs a look, not the receipt', () => {
  const receipt = play(
    [
      [2, look(null)],
      [40, look([app('voiceover', 930, 160)])],
      [111, look([app('voiceover', 930, 700)])],
    ],
    null,
  );
  expect(receipt.end).toBe('confirmed');
  expect(receipt.applications[0]!.text).toBe('540 evaluations answered off, none on');
});

test('a restore to some users is obeyed when the answer is seen, and "off" for the others contradicts nothing', () => {
  let receipt = startReceipt({
    flag: 'f',
    environment: 'production',
    expected: true,
    partial: true,
    acceptedAt: t0,
    usage: [app('voiceover', 0, 100)],
  });
  const seen = look([app('voiceover', 4, 300)], {
    served: { revision: 8, answer: 'depends' },
    witnessed: { answer: false, seenAt: t0 + hour },
  });
  receipt = advanceReceipt(receipt, { ...seen, usage: [app('voiceover', 0, 120)] }, t0 + 2 * s);
  receipt = advanceReceipt(receipt, seen, t0 + 60 * s);
  expect(receipt.end).toBe('confirmed');
});

test('effect: served plus the poll that covers 95 %, or obeyed when that is first', () => {
  const receipt = play([[2, look([app('voiceover', 900, 100)])]]);
  expect(effectTime(receipt)).toBe(t0 + 17 * s);
  expect(effectTime(play([]))).toBeNull();
});

test('the time of an effect is a whole millisecond, though intervals are measured in fractions', () => {
  const measured = [app('voiceover', 900, 100, { pollSeconds: 24.0335 })];
  const receipt = play([[2, look(measured)]], measured);
  expect(effectTime(receipt)).toBe(t0 + 2 * s + 24_034);
});

test('the covering poll leaves the slowest 5 % out by name', () => {
  const usage = [app('voiceover', 0, 0, { instances: 97 }), app('legacy', 0, 0, { instances: 3, pollSeconds: 120 })];
  expect(coveringPoll(usage)).toEqual({ seconds: 15, slower: ['legacy (asks every 120 s)'], assumed: false });
  expect(coveringPoll([app('voiceover', 0, 0, { pollSeconds: null })])).toMatchObject({
    seconds: 15,
    assumed: true,
  });
  expect(coveringPoll([]).seconds).toBe(0);
});

test('what SDKs are served reads as off, on or depending', () => {
  const everyone = { name: 'flexibleRollout', parameters: { rollout: '100' }, constraints: [] };
  const features = [
    { name: 'a', enabled: false, strategies: [everyone] },
    { name: 'b', enabled: true, strategies: [everyone] },
    { name: 'c', enabled: true, strategies: [{ ...everyone, parameters: { rollout: '25' } }] },
  ];
  expect(['a', 'b', 'c', 'd'].map((flag) => servedAnswer(features, flag))).toEqual([false, true, 'depends', null]);
});

test('a closed receipt says of nothing any longer that it waits, and names who is missing', () => {
  const before = [app('voiceover', 900, 100, { sdks: { 'unleash-client-node:3.21.0': 2 } })];
  const seen = { recorded: null, witnessed: { answer: true, seenAt: null } };
  const receipt = play(
    [
      [2, look(before, seen)],
      [400, look(before, seen)],
    ],
    before,
  );
  expect(receipt.end).toBe('unconfirmed');
  const lines = [...receipt.layers, ...receipt.applications];
  expect(lines.filter(({ text }) => text.includes('waiting'))).toEqual([]);
  expect(text(receipt, 'recorded')).toContain('was not seen');
  expect(text(receipt, 'witnessed')).toContain('was not seen');
  expect(text(receipt, 'obeyed')).toBe('0 of 1 application obeys; not seen to obey: voiceover');
  expect(receipt.applications[0]!.text).toBe(
    'silent: no evaluation reported since the change (2 × unleash-client-node:3.21.0, old)',
  );
});

test('an application that runs and has not asked for it in an hour is not waited for', () => {
  const idle = app('nightly', 0, 0, { hour: 11 * hour });
  const receipt = play([[2, look([idle])]], [idle]);
  expect(receipt.end).toBe('unobservable');
  expect(receipt.applications).toMatchObject([{ text: 'runs, and has not asked for it in 1 h' }]);
});

test('an application that has only just begun to ask, and is not registered yet, is waited for', () => {
  const fresh = (no: number) => app('web', 20, no, { instances: 0, registered: false });
  const receipt = play([[2, look([fresh(0)])]], [fresh(0)]);
  expect(receipt.end).toBeNull();
});

test('a receipt that has ended waits for nothing in any of its lines', () => {
  const partial = {
    ...startReceipt({
      ...{ flag: 'f', environment: 'production', expected: true, acceptedAt: t0 },
      usage: [app('voiceover', 0, 100)],
      partial: true,
    }),
  };
  const seen = look([app('voiceover', 0, 160)], {
    recorded: null,
    served: { revision: 7, answer: 'depends' },
    witnessed: null,
  });
  let receipt: Receipt = partial;
  for (const seconds of [2, 60, 900]) receipt = advanceReceipt(receipt, seen, t0 + seconds * s);
  expect(receipt.end).toBe('unconfirmed');
  for (const { text: said } of [...receipt.layers, ...receipt.applications])
    expect(said).not.toMatch(/waiting| yet\b|about to/);
});
