import fc from 'fast-check';

const ids = ['1', '2', 'ada', 'Žofia 日本', 'grace@example.com', '', '0'];
const words = ['DK', 'dk', 'SE', 'premium', 'pre', 'x', '', ' DK '];
const numbers = ['0', '4', '4.0', '12', '-1', '1e1', 'abc', '', '9007199254740993'];
const versions = [
  '1.2.3',
  '1.2.10',
  'v1.2.3',
  '1.2.3-beta.2',
  '1.2.3-beta.10',
  '1.2.3-beta',
  '1.2.3+build',
  '1.2',
  ' 1.2.3',
];
const addresses = [
  '10.0.0.1',
  '10.0.0.0/8',
  '10.0.0.1/32',
  '010.0.0.1',
  '192.168.1.7',
  '2001:db8::1',
  '2001:db8::/32',
  '::ffff:10.0.0.1',
  '::1',
  '1::2::3',
  'fe80::1%eth0',
  '::/0',
  '0.0.0.0/0',
  '2001:DB8:0:0:0:0:0:1',
];
const times = ['2026-01-01T00:00:00Z', '2026-01-02', '2026-01-01T02:00:00+02:00', 'soon'];
const patterns = ['^D', 'k$', '(', '[0-9]+', 'PRE'];
const fields = [
  'userId',
  'sessionId',
  'remoteAddress',
  'appName',
  'environment',
  'country',
  'plan',
  'level',
  'version',
  'address',
];
const values: Record<string, string[]> = {
  level: numbers,
  version: versions,
  address: addresses,
  remoteAddress: addresses,
  userId: ids,
  sessionId: ids,
};

const oneOf = (list: string[]) => fc.constantFrom(...list);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const operand: Record<string, string[]> = { NUM: numbers, SEMVER: versions, DATE: times, REGEX: patterns };
/** A constraint with values of the kind that its operator compares. */
export const anyConstraint = fc
  .record({
    operator: oneOf([
      'IN',
      'NOT_IN',
      'STR_STARTS_WITH',
      'STR_ENDS_WITH',
      'STR_CONTAINS',
      'NUM_EQ',
      'NUM_GT',
      'NUM_GTE',
      'NUM_LT',
      'NUM_LTE',
      'DATE_AFTER',
      'DATE_BEFORE',
      'SEMVER_EQ',
      'SEMVER_GT',
      'SEMVER_GTE',
      'SEMVER_LT',
      'SEMVER_LTE',
      'REGEX',
      'IN_CIDR',
      'NEVER_HEARD_OF',
    ]),
    inverted: maybe(fc.boolean()),
    caseInsensitive: maybe(fc.boolean()),
    pick: fc.nat(),
  })
  .chain(({ operator, pick, ...rest }) => {
    const family = operator.split('_')[0]!;
    const fitting = { NUM: ['level', 'plan'], SEMVER: ['version', 'level'], IN_CIDR: ['address', 'remoteAddress'] }[
      operator === 'IN_CIDR' ? operator : family
    ];
    const contextName = (fitting ?? fields)[pick % (fitting ?? fields).length]!;
    const list = operator === 'IN_CIDR' ? addresses : (values[contextName] ?? words);
    return fc.record({
      operator: fc.constant(operator),
      contextName: fc.constant(contextName),
      inverted: fc.constant(rest.inverted),
      caseInsensitive: fc.constant(rest.caseInsensitive),
      values: fc.array(oneOf(list), { maxLength: 3 }),
      value: maybe(fc.oneof(oneOf(operand[family] ?? words), fc.constant(4))),
    });
  });
const constraints = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(anyConstraint, { maxLength: 2 }) },
);

const variants = fc.array(
  fc.record(
    {
      name: oneOf(['a', 'b', 'c']),
      weight: fc.constantFrom(0, 100, 250, 500, 1000),
      stickiness: oneOf(['default', 'userId', 'country', 'random', '']),
      payload: fc.constantFrom({ type: 'string', value: 'x' }, { type: 'json', value: '{}' }),
      overrides: fc.array(
        fc.constantFrom({ contextName: 'userId', values: ['1', 'ada'] }, { contextName: 'country', values: ['DK'] }),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: ['name', 'weight'] },
  ),
  { maxLength: 3 },
);

const share = oneOf(['0', '1', '25', '50', '73', '99', '100', '150', '-5', '0.5', '12.5', 'abc', '']);
const group = maybe(oneOf(['f', 'g', 'Ünï', '']));
const parametersOf: Record<string, fc.Arbitrary<unknown>> = {
  flexibleRollout: fc.record({
    rollout: share,
    groupId: group,
    stickiness: maybe(oneOf(['default', 'userId', 'sessionId', 'country', 'random', ''])),
  }),
  gradualRolloutUserId: fc.record({ percentage: share, groupId: group }),
  gradualRolloutSessionId: fc.record({ percentage: share, groupId: group }),
  gradualRolloutRandom: fc.record({ percentage: share }),
  userWithId: fc.record({ userIds: oneOf(['1, ada', 'ada,,2', '', 'grace@example.com']) }),
  remoteAddress: fc.record({ IPs: fc.array(oneOf(addresses), { maxLength: 3 }).map((list) => list.join(' , ')) }),
  applicationHostname: fc.record({ hostNames: oneOf(['', 'HERE, there', 'there']) }),
  default: fc.constant({}),
  ourOwn: fc.constant({ anything: 'x' }),
};
const strategy = oneOf(['flexibleRollout', 'flexibleRollout', 'flexibleRollout', ...Object.keys(parametersOf)]).chain(
  (name) =>
    fc.record(
      {
        name: fc.constant(name),
        parameters: parametersOf[name]!,
        constraints,
        segments: fc.constantFrom([], [], [], [1], [2, 1], [3]),
        variants,
      },
      { requiredKeys: ['name', 'parameters'] },
    ),
);

const feature = (name: string, parents: string[]) =>
  fc.record(
    {
      name: fc.constant(name),
      enabled: fc.boolean().map((on) => on || name !== 'quiet'),
      strategies: fc.array(strategy, { maxLength: 3 }),
      variants,
      dependencies: fc.array(
        fc.record(
          {
            feature: oneOf(parents),
            enabled: fc.boolean(),
            variants: fc.array(oneOf(['a', 'b', 'disabled']), { maxLength: 2 }),
          },
          { requiredKeys: ['feature'] },
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['name', 'enabled', 'strategies'] },
  );

/** A client-features document with a flag `child` whose parents may be there, be grandchildren or be missing. */
export const anyDocument = fc.record({
  version: fc.constant(2),
  features: fc.tuple(
    feature('child', ['parent', 'parent', 'grandchild', 'missing']),
    feature('parent', ['missing']).map(({ dependencies: _, ...rest }) => rest),
    feature('grandchild', ['parent']),
  ),
  segments: fc.tuple(
    fc.record({ id: fc.constant(1), constraints }),
    fc.record({ id: fc.constant(2), constraints: constraints.map((list) => list.slice(0, 1)) }),
  ),
});

const plain = (field: string) => oneOf(values[field] ?? words);

/** A context with some of the fields that documents ask about, at the top or among the properties. */
export const anyContext = fc.record(
  {
    userId: fc.oneof(plain('userId'), fc.constant(null)),
    sessionId: plain('sessionId'),
    remoteAddress: plain('remoteAddress'),
    environment: plain('environment'),
    appName: plain('appName'),
    country: fc.oneof(plain('country'), fc.constant(null)),
    currentTime: oneOf(['2026-01-01T00:00:00Z', '2026-01-01T12:00:00Z', '2027-06-01T00:00:00Z']),
    properties: fc.record(
      {
        country: plain('country'),
        plan: plain('plan'),
        level: fc.oneof(plain('level'), fc.constant(4), fc.boolean()),
        version: plain('version'),
        address: plain('address'),
        userId: plain('userId'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
