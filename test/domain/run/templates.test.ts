import { describe, expect, it } from 'vitest';
import { actionInput, actionKind, lockTarget } from '#app/domain/run/catalogue.ts';
import { isTemplate, type TemplateName, templateRun, templates } from '#app/domain/run/templates.ts';
import { actionNames } from '#app/domain/runbook/actions.ts';

const samples: Record<TemplateName, Record<string, string>> = {
  'template:flag.kill': { flag: 'voiceover-v2', environment: 'production', slo: 'voiceover-availability' },
  'template:flag.restore': { flag: 'voiceover-v2', environment: 'production' },
  'template:flag.expose': {
    flag: 'voiceover-v2',
    environment: 'production',
    percent: '25',
    variants: 'blue 50, green 50',
  },
  'template:cloudrun.traffic': { service: 'voiceover', to: 'voiceover-00041-kib', slo: 'voiceover-availability' },
  'template:flag.put-back': { flag: 'voiceover-v2', environment: 'production', run: '0a1b2c3d4e5f6071' },
  'template:flag.define': { flag: 'voiceover-v2', environment: 'production' },
  'template:cloudrun.put-back': { service: 'voiceover', run: '0a1b2c3d4e5f6071' },
  'template:pagerduty.acknowledge': {},
  'template:pagerduty.note': { text: 'Killed the flag.' },
};

function made(name: TemplateName, inputs: Record<string, string>) {
  const result = templateRun(name, inputs);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.run;
}

describe('built-in templates', () => {
  it.each(Object.keys(templates) as TemplateName[])('%s makes one step that its action accepts', (name) => {
    const { title, steps } = made(name, samples[name]);
    expect(title).not.toBe('');
    expect(steps).toHaveLength(1);
    const [step] = steps;
    expect(`template:${step!.uses}`).toBe(name);
    expect(actionInput(step!.uses, step!.with)).toMatchObject({ ok: true });
    expect(
      Object.keys(samples[name]).every((input) => templates[name].inputs.some((known) => known.name === input)),
    ).toBe(true);
  });

  it('verify by the SLO when there is one, and leave a follow-up', () => {
    const [kill] = made('template:flag.kill', samples['template:flag.kill']).steps;
    expect(kill).toMatchObject({
      title: 'Bring voiceover-v2 to its safe state in production',
      verify: { slo: 'voiceover-availability', burnUnder: 1, window: '5m', within: 900_000 },
      expires: 604_800_000,
    });
    const [blind] = made('template:flag.kill', { flag: 'a', environment: 'production', slo: '' }).steps;
    expect(blind?.verify).toBeNull();
  });

  it('route back in two moves and leave a reminder, but return to LATEST in one and leave none', () => {
    const [back] = made('template:cloudrun.traffic', samples['template:cloudrun.traffic']).steps;
    expect(back).toMatchObject({ with: { percent: 100, first: 5, hold: '2m' }, expires: 604_800_000 });
    const [latest] = made('template:cloudrun.traffic', { service: 'voiceover', to: 'latest' }).steps;
    expect(latest).toMatchObject({ with: { service: 'voiceover', to: 'LATEST', percent: 100 }, expires: null });
    expect(latest?.with).not.toHaveProperty('first');
    const [part] = made('template:cloudrun.traffic', { service: 'voiceover', to: 'r2', percent: '5' }).steps;
    expect(part).toMatchObject({ with: { service: 'voiceover', to: 'r2', percent: 5 } });
    expect(part?.with).not.toHaveProperty('first');
  });

  it.each<[TemplateName, Record<string, string>, string]>([
    ['template:flag.kill', { environment: 'production' }, 'flag'],
    ['template:flag.expose', { flag: 'a', environment: 'production', percent: '150' }, 'percent'],
    ['template:flag.expose', { flag: 'a', environment: 'production', percent: 'abc' }, 'percent'],
    ['template:flag.kill', { flag: '', environment: 'production' }, 'flag'],
    ['template:flag.kill', { flag: 'a', environment: 'production', percent: '5' }, 'percent'],
    ['template:pagerduty.note', {}, 'text'],
    ['template:pagerduty.acknowledge', { flag: 'a' }, 'flag'],
  ])('%s refuses %j, naming the input', (name, inputs, input) => {
    expect(templateRun(name, inputs)).toMatchObject({ ok: false, problems: [{ input }] });
  });

  it('are told from runbooks by their names, and from names of every object', () => {
    expect(isTemplate('template:flag.kill')).toBe(true);
    expect(isTemplate('voiceover-burn')).toBe(false);
    expect(isTemplate('constructor')).toBe(false);
  });
});

describe('the catalogue', () => {
  it('knows the kind of every action', () => {
    for (const name of actionNames) expect(actionKind(name, {})).not.toBeNull();
    expect(actionKind('shell.run', {})).toBeNull();
    expect(actionKind('toString', {})).toBeNull();
  });

  it('calls a rollback a stop, and a way to LATEST a forward change', () => {
    expect(actionKind('cloudrun.traffic', { to: 'voiceover-00041-kib' })).toBe('stop');
    expect(actionKind('cloudrun.traffic', { to: 'latest' })).toBe('forward');
    expect(actionKind('flag.kill', {})).toBe('stop');
    expect(actionKind('flag.restore', {})).toBe('forward');
  });

  it('locks what changes and nothing else', () => {
    expect(lockTarget('flag.kill', { flag: 'a', environment: 'production' }, null)).toBe('flag/production/a');
    expect(lockTarget('flag.restore', { flag: 'a', environment: 'production' }, null)).toBe('flag/production/a');
    expect(lockTarget('cloudrun.traffic', { to: 'x', percent: 100 }, 'voiceover')).toBe('traffic/voiceover');
    expect(lockTarget('cloudrun.traffic', { service: 'studio-api', to: 'x' }, 'voiceover')).toBe('traffic/studio-api');
    for (const uses of ['slo.check', 'manual', 'pagerduty.note', 'pagerduty.acknowledge']) {
      expect(lockTarget(uses, {}, 'voiceover')).toBeNull();
    }
  });

  it.each<[string, unknown]>([
    ['flag.kill', { flag: 'a' }],
    ['flag.kill', { flag: 'a', environment: 'p', extra: 1 }],
    ['cloudrun.traffic', { to: 'a', percent: 0 }],
    ['cloudrun.traffic', { to: 'a', percent: '100' }],
    ['manual', { ask: 'x', outcomes: ['only-one'] }],
    ['shell.run', {}],
  ])('%s refuses %j', (uses, input) => expect(actionInput(uses, input)).toMatchObject({ ok: false }));
});
