// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { handWork } from '#app/domain/run/commands/by-hand.ts';
import { safeCommands } from '#app/domain/run/commands/flag-commands.ts';
import { type Known, nothingKnown } from '#app/domain/run/commands/known-values.ts';
import { openIncidents, page, whoIsOnCall } from '#app/domain/run/commands/pagerduty-commands.ts';
import { type ActionName, actionNames } from '#app/domain/runbook/actions.ts';

const catalog = await readCatalog(new URL('../../../..', import.meta.url).pathname);
const facts = { catalog, service: 'voiceover' };
const work = (uses: string, input: Record<string, unknown>) => handWork(uses, input, facts);

/** The shell reads it to its end: quotes close, and nothing is left over. */
function parses(command: string): boolean {
  return spawnSync('bash', ['-n', '-c', command]).status === 0;
}

/** What a shell would run, with these variables set: the words after expansion. */
function words(command: string, env: Record<string, string>): string[] {
  const [name, ...rest] = command.split(' ');
  const script = `${name}() { printf '%s\\n' "$@"; }; ${[name, ...rest].join(' ')}`;
  return spawnSync('bash', ['-c', script], { env: { ...process.env, ...env }, encoding: 'utf8' })
    .stdout.trimEnd()
    .split('\n');
}

const inputs: Partial<Record<ActionName, Record<string, unknown>>> = {
  manual: { ask: 'Look.' },
  wait: { for: '10m' },
  notify: { to: 'incidents', text: "It's done" },
  snooze: { for: '1h' },
  'http.probe': { endpoint: 'studio-api-ready' },
  'pagerduty.note': { text: 'it\'s "theirs" $HOME `id`' },
  'github.dispatch': { repo: 'a/b', workflow: 'w.yml', ref: 'main', inputs: { queue: "it's" } },
  'logs.query': { filter: 'textPayload:"it\'s"' },
};

test.each(actionNames)('%s has instructions whose commands a shell can read', (uses) => {
  const input = inputs[uses] ?? {
    flag: 'voiceover-v2',
    environment: 'production',
    to: 'previous-healthy',
    percent: 100,
  };
  const { say, commands } = work(uses, input);
  expect(say.join(' ').length).toBeGreaterThan(4);
  for (const { command } of commands) expect([command, parses(command)]).toEqual([command, true]);
});

test('a flag is brought to the state that its file calls safe, and read before and after', () => {
  const off = work('flag.kill', { flag: 'voiceover-v2', environment: 'production' });
  expect(off.commands.map(({ label }) => label)).toEqual([
    'Who gets it now: enabled and strategies',
    'Turn off',
    'Read it once more: it has to say what you wanted',
  ]);
  expect(off.commands[1]!.command).toContain('/features/voiceover-v2/environments/production/off');
  const on = work('flag.kill', { flag: 'voiceover-fallback', environment: 'production' });
  // Turned on without a strategy for everyone, it would reach whoever it reached before.
  expect(on.commands.map(({ label }) => label).slice(1, 3)).toEqual(['Add a strategy', 'Turn on']);
  expect(on.commands[1]!.command).toContain('"rollout":"100"');
  const [add] = safeCommands({ flag: 'f', environment: 'e' }, { state: 'variant', variant: 'plain' });
  expect(add!.command).toContain('"name":"plain","weight":1000');
});

test('what only the run knows is a variable that the shell fills in', () => {
  const kill = work('flag.kill', { flag: '${{ inputs.flag }}', environment: 'production' });
  expect(kill.say[0]).toMatch(/^Set FLAG/);
  const env = { FLAG: 'some-flag', UNLEASH_URL: 'https://unleash', UNLEASH_ADMIN_TOKEN: 't' };
  expect(words(kill.commands[1]!.command, env).at(-1)).toBe(
    'https://unleash/api/admin/projects/default/features/some-flag/environments/production/off',
  );
  const back = work('cloudrun.traffic', { to: '${{ inputs.revision }}', percent: 100, first: 5, hold: '2m' });
  const [first, all] = back.commands.filter(({ command }) => command.includes('update-traffic'));
  expect(words(first!.command, { REVISION: 'voiceover-00007' })).toContain('voiceover-00007=5');
  expect(words(all!.command, { REVISION: 'voiceover-00007' })).toContain('voiceover-00007=100');
});

describe('values of expressions', () => {
  const asked = [{ name: 'flag', label: 'Suspect flag' }];
  const known = (inputs: Record<string, string>, steps: Known['scope']['steps'] = {}) => ({
    ...facts,
    known: { inputs: asked, scope: { ...nothingKnown.scope, inputs, steps } },
  });
  const told = { to: 'incidents', text: '${{ inputs.flag }} off, it is ${{ steps.kill.result }}.' };

  test('what is known is filled in, though another value of the same text is not', () => {
    const { say, commands } = handWork('notify', told, known({ flag: 'voiceover-v2' }));
    expect(say.join(' ')).toContain('voiceover-v2 off, it is [result of kill].');
    expect(say).toContain('In place of [result of kill] write what came of the step kill.');
    expect(commands[0]!.command).toContain('voiceover-v2 off, it is [result of kill].');
    const ended = handWork(
      'notify',
      told,
      known({ flag: 'voiceover-v2' }, { kill: { result: 'improved', outputs: {} } }),
    );
    expect(ended.say.join(' ')).not.toContain('[');
  });

  test('an input without a value is named by what it is for, and so is a rule within words', () => {
    const place = 'In place of [flag] write the one that you chose: Suspect flag.';
    expect(handWork('notify', told, known({})).say).toContain(place);
    expect(handWork('notify', told, known({ flag: 'most-recently-changed' })).say).toContain(place);
  });

  test('a known flag, environment and share stand in the commands; an unknown environment is a place in the address', () => {
    const kill = { flag: '${{ inputs.flag }}', environment: '${{ inputs.where }}' };
    const { say, commands } = handWork('flag.kill', kill, known({ flag: 'voiceover-v2' }));
    expect(commands[1]!.command).toContain('/features/voiceover-v2/environments/[where]/off');
    expect(say).toContain('In place of [where] write the one that you chose.');
    const move = { to: 'voiceover-00007', percent: '${{ inputs.share }}' };
    expect(JSON.stringify(handWork('cloudrun.traffic', move, known({ share: '30' })))).toContain('voiceover-00007=30');
    // Not the whole of it, only because nobody knows how much.
    const open = handWork('cloudrun.traffic', move, known({}));
    expect(open.say).toContain('Give it [share] % of the traffic.');
    expect(JSON.stringify(open.commands)).not.toContain('update-traffic');
  });

  test.each(catalog.runbooks.flatMap(({ steps }) => steps.map((each) => [each.id, each] as const)))(
    'no step of the studio shows an expression: %s',
    (_, { uses, with: input }) => expect(JSON.stringify(handWork(uses, input, facts))).not.toContain('{{'),
  );
});

test('words that a person wrote stay words', () => {
  const { commands } = work('pagerduty.note', inputs['pagerduty.note']!);
  const sent = words(commands[0]!.command, { INCIDENT_ID: 'PABC', HOME: '/nobody' });
  expect(sent.at(-1)).toBe('https://api.pagerduty.com/incidents/PABC/notes');
  const body = JSON.parse(sent[sent.indexOf('-d') + 1]!) as { note: { content: string } };
  expect(body.note.content).toBe(inputs['pagerduty.note']!.text);
});

test('whoever is on call is found and paged with keys from the shell', () => {
  for (const { command } of [whoIsOnCall('P1'), openIncidents('P1'), page('Voiceover is "down"', 'voiceover')])
    expect(parses(command)).toBe(true);
  const sent = words(page('Voiceover is "down"', 'voiceover').command, { PAGERDUTY_ROUTING_KEY: 'R'.repeat(32) });
  expect(JSON.parse(sent[sent.indexOf('-d') + 1]!)).toEqual({
    routing_key: 'R'.repeat(32),
    event_action: 'trigger',
    payload: { summary: 'Voiceover is "down"', source: 'voiceover', severity: 'critical' },
  });
});
