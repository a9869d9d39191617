// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import { describe, expect, it } from 'vitest';
import { type LintCatalog, lintRunbook } from '#app/domain/runbook/lint.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';

const catalog: LintCatalog = {
  flags: [{ name: 'voice-v2', environments: [{ name: 'production', protected: true }] }],
  slos: [{ id: 'voice-availability', settle: 240_000 }],
  services: [
    { id: 'voice', cloudRun: { project: 'p', region: 'r', service: 'voice' } },
    { id: 'provider', cloudRun: null },
  ],
  slugs: ['voice', 'other'],
};

const verify = 'verify: { slo: voice-availability, burn_under: 1, window: 5m, within: 15m }';
const kill = `id: kill\nuses: flag.kill\nwith: { flag: voice-v2, environment: production }\n${verify}\nexpires: 7d`;
const traffic = (input: string, rest = `${verify}\nexpires: 7d`) =>
  `id: back\nuses: cloudrun.traffic\nwith: ${input}\n${rest}`;

interface Parts {
  runbook?: string;
  step?: string;
  extra?: string;
  body?: string;
}

function lint(
  { runbook = 'version: 1, service: voice', step = kill, extra = '', body = '' }: Parts,
  today = '2026-11-22',
) {
  const text = `---\nrunbook: { ${runbook} }\n${extra}---\n\`\`\`yaml runbook-step\n${step}\n\`\`\`\n${body}`;
  const parsed = parseRunbook(text, 'runbooks/voice.md', { known: new Set(catalog.slugs) });
  expect(parsed.problems).toEqual([]);
  return lintRunbook(parsed, catalog, today);
}

describe('an endpoint that a step names', () => {
  const linted = (input: string) => {
    const text = `\`\`\`yaml runbook-step\nid: tell\nuses: notify\nwith: ${input}\n\`\`\`\n`;
    const endpoints = [
      { name: 'incidents', use: 'chat' as const },
      { name: 'vendor', use: 'probe' as const },
    ];
    return lintRunbook(parseRunbook(text, 'v.md'), { ...catalog, endpoints }, '2026-11-22');
  };

  it('is one that is declared, and for that', () => {
    expect(linted('{ to: incidents, text: x }')).toEqual([]);
    const problem = { severity: 'error', line: 4, column: 13 };
    expect(linted('{ to: incident, text: x }')).toMatchObject([
      { ...problem, message: 'There is no endpoint "incident".', hint: 'Did you mean "incidents"?' },
    ]);
    expect(linted('{ to: vendor, text: x }')).toMatchObject([
      { ...problem, message: 'The endpoint "vendor" is a probe, and notify needs a chat or a webhook.' },
    ]);
  });
});

const waits = (input: string) => `id: wait\nuses: wait\nwith: ${input}`;

describe('a wait', () => {
  it.each([
    ['{ for: 10m }'],
    ['{ until: "09:00" }'],
    ['{ slo: voice-availability, burn_under: 1, for: 10m, at_most: 1h }'],
  ])('%s has an end', (input) => {
    expect(lint({ step: waits(input) })).toEqual([]);
  });

  it.each([
    ['{}', 'This waits without an end.', 7],
    ['{ slo: voice-availability, burn_under: 1 }', 'This waits without an end.', 7],
    ['{ slo: voice-availability, at_most: 1h }', 'Nothing says which burn it waits for.', 14],
    ['{ for: 10m, until: "09:00" }', 'for and until are two ends.', 26],
    ['{ for: 10m, burn_under: 1 }', 'burn_under is for a wait for an SLO.', 31],
  ])('%s is refused: %s', (input, message, column) => {
    const expected = { severity: 'error', message, line: 7, column };
    expect(lint({ step: waits(input) })).toContainEqual(expect.objectContaining(expected));
  });
});

describe('the linter', () => {
  it('finds nothing in a sound runbook', () => {
    expect(lint({})).toEqual([]);
    expect(lint({ step: traffic('{ to: previous-healthy, percent: 100, first: 5, hold: 2m }') })).toEqual([]);
    expect(lint({ step: traffic('{ to: LATEST, percent: 100 }', verify) })).toEqual([]);
    expect(lint({ step: 'id: ask\nuses: manual\nwith: { ask: Look }' })).toEqual([]);
    expect(lint({ step: traffic('{ to: voice-00042-kib, percent: 100 }') })).toEqual([]);
  });

  it.each<[string, Parts, string, number, number]>([
    [
      'a change without verify',
      { step: kill.replace(`${verify}\n`, '') },
      'The step "kill" changes something and never verifies it.',
      6,
      7,
    ],
    [
      'a kill without expires',
      { step: kill.replace('\nexpires: 7d', '') },
      'The step "kill" leaves something behind without a due date.',
      6,
      7,
    ],
    [
      'a rollback without expires',
      { step: traffic('{ to: previous-healthy, percent: 100 }', verify) },
      'The step "back" leaves something behind without a due date.',
      6,
      7,
    ],
    ['an unknown flag', { step: kill.replace('voice-v2', 'voice-v3') }, 'There is no flag "voice-v3".', 7, 15],
    [
      'an unknown environment',
      { step: kill.replace('production', 'prod') },
      'The flag "voice-v2" has no environment "prod".',
      7,
      38,
    ],
    [
      'an unknown SLO in verify',
      { step: kill.replace('voice-availability', 'voice-avail') },
      'There is no SLO "voice-avail".',
      8,
      16,
    ],
    [
      'an unknown SLO in require',
      { step: `${kill}\nrequire: { slo: x, burn_over: 1, window: 5m }` },
      'There is no SLO "x".',
      10,
      17,
    ],
    [
      'an unknown service in front matter',
      { runbook: 'version: 1, service: voise' },
      'There is no service "voise".',
      2,
      33,
    ],
    ['an unknown SLO in front matter', { runbook: 'version: 1, slos: [a]' }, 'There is no SLO "a".', 2, 31],
    [
      'a service that is not on Cloud Run',
      { step: traffic('{ service: provider, to: LATEST, percent: 100 }') },
      '"provider" does not run on Cloud Run.',
      7,
      18,
    ],
    [
      'traffic of no service',
      { runbook: 'version: 1', step: traffic('{ to: LATEST, percent: 100 }') },
      'The step "back" names no service and the runbook has none.',
      7,
      7,
    ],
    [
      'an unknown revision rule',
      { step: traffic('{ to: the-good-one, percent: 100 }') },
      'There is no revision rule "the-good-one".',
      7,
      13,
    ],
    [
      'within that is too short',
      { step: kill.replace('15m', '11m59s') },
      'within is too short: at least 12m (5m window + 4m settle + 3m).',
      8,
      71,
    ],
    [
      'an input never used',
      { runbook: 'version: 1, service: voice, inputs: { who: { type: string } }' },
      'The input "who" is never used.',
      2,
      50,
    ],
    ['a dead link', { body: 'see [it](gone.md)' }, 'The link gone.md leads nowhere.', 11, 10],
    ['a dead anchor', { body: 'see [it](#gone)' }, 'The link #gone leads nowhere.', 11, 10],
    [
      'an unknown SLO of a panel',
      { body: '```yaml runbook-panel\nshow: burn\nslo: x\n```' },
      'There is no SLO "x".',
      13,
      6,
    ],
    [
      'a review that is overdue',
      { extra: 'last_reviewed_on: 2026-07-01\nreview_in: 90 days\n' },
      'The review is overdue by 54 days.',
      3,
      19,
    ],
    [
      'a hold without a first share',
      { step: traffic('{ to: LATEST, percent: 100, hold: 2m }') },
      'hold without first holds nothing.',
      7,
      41,
    ],
  ])('finds %s', (_what, parts, message, line, column) => {
    expect(lint(parts)).toEqual([expect.objectContaining({ file: 'runbooks/voice.md', message, line, column })]);
  });

  it('counts an input as used in when and deep inside with', () => {
    const runbook = 'version: 1, service: voice, inputs: { who: { type: string }, why: { type: string } }';
    const step = "id: ask\nuses: manual\nwhen: inputs.who == 'a'\nwith: { ask: 'Ask ${{ inputs.why }}' }";
    expect(lint({ runbook, step })).toEqual([]);
  });

  it.each<[string, string]>([
    ['{ type: flag, default: gone }', 'There is no flag "gone".'],
    ['{ type: slo, default: gone }', 'There is no SLO "gone".'],
    ['{ type: revision, default: newest }', 'There is no revision rule "newest".'],
    ['{ type: number, default: many }', '"many" is not a number.'],
    ['{ type: boolean, default: maybe }', '"maybe" is not true or false.'],
  ])('finds the default of %s', (input, message) => {
    const runbook = `version: 1, service: voice, inputs: { who: ${input} }`;
    const step = 'id: ask\nuses: manual\nwith: { ask: "${{ inputs.who }}" }';
    expect(lint({ runbook, step }).map((problem) => problem.message)).toEqual([message]);
  });

  it('takes the settle time of the SLO itself', () => {
    const slow = { ...catalog, slos: [{ ...catalog.slos[0]!, settle: 600_000 }] };
    const text = `\`\`\`yaml runbook-step\n${kill}\n\`\`\``;
    expect(lintRunbook(parseRunbook(text, 'v.md'), slow, '2026-11-22')[0]?.message).toContain('at least 18m');
  });
});
