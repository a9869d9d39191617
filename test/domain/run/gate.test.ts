import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Freeze } from '#app/domain/freeze/freeze.ts';
import { counts, type GateInput, type GateRule, gateOf, whyNotApprove } from '#app/domain/run/gate.ts';
import { gateRules, gateSubject } from '#app/domain/run/gate-rules.ts';
import type { Actor } from '#app/domain/run/run.ts';

const person = (name: string, role: Actor['role'] = 'responder', teams: string[] = []): Actor => ({
  ...{ email: `${name}@studio.example`, name, role, teams },
});
const [ada, grace, mary] = [person('ada'), person('grace'), person('mary', 'responder', ['media'])];
const rule = (part: Partial<GateRule> = {}): GateRule => ({
  ...{ people: 1, from: [], requester: 'excluded', of: 'flag voice' },
  ...part,
});
const production = { environment: 'production', protected: true, flag: 'voice', service: 'voice' };
const now = Date.UTC(2026, 10, 22, 3);
const frozen: Freeze = {
  ...{ id: 'f', scope: 'environment', target: 'production', reason: 'Launch day.', timeZone: 'UTC' },
  span: { kind: 'once', from: now - 1, until: now + 1 },
  ...{ by: 'Root', byEmail: 'root@studio.example', madeAt: now - 2, endedAt: null, endedBy: null },
};
const input = (part: Partial<GateInput> = {}): GateInput => ({
  ...{ kind: 'forward', subject: production, rules: [rule()], freezes: [], requester: ada, approvers: [], now },
  ...part,
});

const anybody = fc
  .record({
    name: fc.constantFrom('ada', 'grace', 'mary', 'nina', 'vera'),
    role: fc.constantFrom<Actor['role'][]>('viewer', 'product', 'responder', 'admin'),
    teams: fc.subarray(['media', 'voice']),
  })
  .map(({ name, role, teams }) => person(name, role, teams));
const anyRule = fc
  .record({
    people: fc.integer({ min: 1, max: 3 }),
    from: fc.oneof(fc.constant<string[]>([]), fc.subarray(['media', 'voice', 'ada@studio.example'], { minLength: 1 })),
    requester: fc.constantFrom<GateRule['requester'][]>('may', 'excluded'),
  })
  .map(rule);
const anyInput = fc
  .record({
    rules: fc.array(anyRule, { maxLength: 3 }),
    approvers: fc.array(anybody, { maxLength: 5 }),
    requester: anybody,
    freezes: fc.subarray([frozen]),
  })
  .map(input);

describe('a gate', () => {
  test('never stands before a stop, a read or what people do, nor where nothing is protected', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom('stop', 'read', 'people'), (one, kind) => {
        expect(gateOf({ ...one, kind }).state).toBe('open');
        expect(gateOf({ ...one, subject: { ...production, protected: false } }).state).toBe('open');
      }),
    );
  });

  test('in a freeze is frozen whoever approved, and names the freeze', () => {
    fc.assert(
      fc.property(anyInput, (one) => {
        const gate = gateOf({ ...one, freezes: [frozen] });
        expect([gate.state, gate.freeze?.id, gate.why]).toEqual(['frozen', 'f', 'Changes are frozen: Launch day.']);
      }),
    );
    expect(
      gateOf(input({ rules: [], freezes: [frozen], now: frozen.span.kind === 'once' ? frozen.span.until : 0 })).state,
    ).toBe('open');
  });

  test('opens only when each rule has its number of distinct people, none of them an excluded requester or a viewer', () => {
    fc.assert(
      fc.property(anyInput, (one) => {
        const gate = gateOf({ ...one, freezes: [] });
        const met = one.rules.every((each) => {
          const mails = one.approvers
            .toReversed()
            .filter(({ email }, index, all) => all.findIndex((other) => other.email === email) === index)
            .filter(({ role }) => role !== 'viewer')
            .filter(({ email }) => email !== one.requester?.email || each.requester === 'may')
            .filter(({ email, role }) => email !== one.requester?.email || role !== 'product')
            .filter(({ email, role, teams }) =>
              each.from.length > 0
                ? each.from.some((from) => from === email || teams.includes(from))
                : role === 'responder' || role === 'admin',
            );
          return mails.length >= each.people;
        });
        expect(gate.state).toBe(met ? 'open' : 'approval');
        expect(gate.why === null).toBe(met);
      }),
      { numRuns: 500 },
    );
  });

  test('is never opened by one more rule, nor closed by one more yes', () => {
    fc.assert(
      fc.property(anyInput, anyRule, anybody, (one, more, yes) => {
        const closed = gateOf(one).state !== 'open';
        if (closed) expect(gateOf({ ...one, rules: [...one.rules, more] }).state).not.toBe('open');
        const known = one.approvers.some(({ email }) => email === yes.email);
        if (!closed && !known) expect(gateOf({ ...one, approvers: [...one.approvers, yes] }).state).toBe('open');
      }),
    );
  });

  test('the same person twice is one', () => {
    const twice = [grace, { ...grace, email: 'GRACE@studio.example' }];
    expect(gateOf(input({ rules: [rule({ people: 2 })], approvers: twice }))).toMatchObject({
      state: 'approval',
      given: 1,
    });
  });

  test('says what is missing', () => {
    expect(gateOf(input()).why).toBe('1 person (flag voice) has to approve this first.');
    const rules = [rule({ people: 2 }), rule({ from: ['media'], of: 'runbook burn' })];
    expect(gateOf(input({ rules, approvers: [grace] })).why).toBe(
      '2 people (flag voice, 1 so far) and 1 person of media (runbook burn) have to approve this first.',
    );
    expect(gateOf(input({ rules, approvers: [grace, mary] })).state).toBe('open');
  });
});

test('what a program does in somebody’s name is no yes of theirs', () => {
  const may = rule({ requester: 'may' });
  const program = { ...ada, key: 'ci' };
  expect([counts(may, ada, ada), counts(may, program, ada)]).toEqual([true, false]);
  expect(gateOf(input({ rules: [may], requester: program, approvers: [program] })).state).toBe('approval');
  expect(gateOf(input({ rules: [may], requester: program, approvers: [program, ada] })).state).toBe('open');
});

test('who may approve is who counts, and everybody else is told why not', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { minLength: 1, maxLength: 3 }), anybody, anybody, (rules, one, requester) => {
      const why = whyNotApprove(rules, one, requester, []);
      expect(why === null).toBe(rules.some((each) => counts(each, one, requester)));
    }),
  );
  expect(whyNotApprove([rule()], ada, ada, [])).toBe('You asked for this: somebody else approves it.');
  expect(whyNotApprove([rule()], grace, ada, [grace])).toBe('You have approved this.');
  expect(whyNotApprove([rule({ from: ['media'] })], grace, ada, [])).toBe('People of media approve this.');
});

test('of the one target that a plan locks all rules about it are found, the strictest of them counts', () => {
  const flags = [{ name: 'voice', service: 'speech', environments: [{ name: 'staging', protected: false }] }];
  const approvals = { people: 2, from: [], requester: 'excluded' as const };
  const step = { id: 'back', approvals: { ...approvals, people: 3 } };
  const catalog = {
    flags: [
      { ...flags[0]!, environments: [{ name: 'production', protected: true, approvals }, ...flags[0]!.environments] },
    ],
    services: [{ id: 'speech', approvals: { ...approvals, people: 1 } }],
    runbooks: [{ slug: 'burn', approvals, steps: [{ id: 'back', approvals: { ...approvals, people: 4 } }] }],
  } as unknown as Parameters<typeof gateRules>[2] & Parameters<typeof gateSubject>[2];
  const found = (target: string) => {
    const subject = gateSubject(target, 'speech', catalog, 'production');
    return {
      subject,
      rules: gateRules(subject, { template: 'burn', step }, catalog).map(({ of, people }) => `${of} ${people}`),
    };
  };
  expect(found('flag/production/voice')).toEqual({
    subject: { environment: 'production', flag: 'voice', service: 'speech', protected: true },
    rules: ['flag voice 2', 'runbook burn 2', 'step back 3', 'step back 4'],
  });
  expect(found('flag/staging/voice').subject.protected).toBe(false);
  expect(found('traffic/speech')).toMatchObject({
    subject: { environment: 'production', service: 'speech', protected: true },
    rules: ['service speech 1', 'runbook burn 2', 'step back 3', 'step back 4'],
  });
});
