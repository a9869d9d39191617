import { describe, expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { bakingRollout } from '../support/pages/rollouts.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';

const minute = 60_000;

describe('drawing one up', () => {
  const form = {
    ...{ intent: 'draw', subject: 'flag production voiceover-v2', plan: 'typed', judge: 'service' },
    ...{ stages: '5 % for 10m\n100 % for 1h by voice', slo: 'voiceover-availability', minRequests: '50' },
  };

  test('the form begins with careful steps and the SLOs of the flag', async () => {
    const { html, text } = await visit('/rollouts/new?flag=voiceover-v2&environment=production', burningWorld());
    expect(text).toContain('Roll out voiceover-v2 in production under guard');
    // Above the 25 % that stand.
    expect(html).toMatch(/<textarea[^>]*>60 % for 30m\n100 % for 1h<\/textarea>/);
    expect(text).toContain('Now: 25 % of production. A rollout only goes up: the first stage has to be above that');
    expect(html).toMatch(
      /name="slo"[^>]* checked[^>]*value="voiceover-availability"|value="voiceover-availability"[^>]* checked/,
    );
  });

  test('what is typed is drawn up, and nothing starts', async () => {
    const { told, location } = await visit('/rollouts/new', burningWorld(), { form });
    expect(location).toBe('/rollouts/rollout-new');
    expect(told).toMatchObject([
      {
        what: 'draw',
        with: {
          subject: { kind: 'flag', flag: 'voiceover-v2', environment: 'production' },
          service: 'voiceover',
          plan: {
            stages: [
              { percent: 5, hold: 10 * minute, minRequests: 50, approve: [] },
              { percent: 100, hold: 60 * minute, approve: ['voice'] },
            ],
          },
        },
      },
    ]);
  });

  test('an old sign-in comes back to the form of the same flag', async () => {
    const asked = '/rollouts/new?flag=voiceover-v2&environment=production';
    const { location } = await visit(asked, burningWorld(), { form: { intent: 'draw' }, signedInAgo: 3_600_000 });
    expect(location).toBe(`/sign-in?again=1&next=${encodeURIComponent(asked)}`);
  });

  /** A plan in the flag's file that guards by more than SLOs. */
  function declaring() {
    const made = burningWorld();
    const unleash = { kind: 'impact' as const, name: 'failed answers', total: 'answers', bad: 'failed', under: 0.02 };
    const { plan } = bakingRollout(now);
    const guards = [...plan.stages[0]!.guards, { source: unleash, over: null, judge: 'cohort' as const }];
    const stages = plan.stages.map((stage) => ({ ...stage, guards, window: { short: 4, long: 20 } }));
    made.catalog!.flags.find(({ name }) => name === 'voiceover-v2')!.rollout = { ...plan, stages };
    return made;
  }

  test('what is typed over a declared plan keeps its impact metrics and windows, and drops them only where they are unticked', async () => {
    const page = await visit('/rollouts/new?flag=voiceover-v2&environment=production', declaring());
    expect(page.text).toMatch(/failed answers, only those who have it as its file says: requests of those who have it/);
    const key = 'impact/failed answers, only those who have it/';
    expect(page.html).toMatch(new RegExp(`name="kept"[^>]* checked[^>]*value="${key}"`));
    const guardsOf = async (more: Record<string, string>) => {
      const { told } = await visit('/rollouts/new', declaring(), { form: { ...form, ...more } });
      const { plan } = told[0]!.with as { plan: RolloutPlan };
      expect(plan.stages[1]!.window).toEqual({ short: 4, long: 20 });
      return plan.stages[1]!.guards.map(({ source }) => source.kind);
    };
    expect(await guardsOf({ kept: key })).toEqual(['slo', 'impact']);
    expect(await guardsOf({})).toEqual(['slo']);
    const gone = await visit('/rollouts/new', burningWorld(), { form: { ...form, kept: key } });
    expect([gone.status, gone.told]).toEqual([400, []]);
    expect(gone.text).toContain('it declares one of these guards no more');
  });

  const counts = {
    ...{ metricName: 'declined voices', metricProject: 'film-studio', metricUnder: '2' },
    metricTotal: 'metric.type="run.googleapis.com/request_count" resource.label.service_name="voiceover"',
    metricBad: 'metric.type="run.googleapis.com/request_count" metric.label.response_code="402"',
  };
  const asked = '/rollouts/new?flag=voiceover-v2&environment=production';

  test('a guard by counts is typed as files write one, beside the SLOs', async () => {
    const page = await visit(asked, burningWorld());
    expect(page.html).toMatch(/<details class="fold wide counted-guards"><summary>Also judge by a metric/);
    expect(page.html).toMatch(/<option value="film-studio" selected=""/);
    const impact = { impactName: 'failed', impactTotal: 'voices', impactBad: 'voices.failed', impactUnder: '0.5' };
    const windows = { short: '4m', long: '20m' };
    const { told } = await visit('/rollouts/new', burningWorld(), {
      form: { ...form, ...counts, ...impact, ...windows },
    });
    const { plan } = told[0]!.with as { plan: RolloutPlan };
    expect(plan.stages[1]!.window).toEqual({ short: 4, long: 20 });
    expect(plan.stages[1]!.guards.map(({ source }) => source)).toEqual([
      { kind: 'slo', slo: 'voiceover-availability' },
      {
        ...{ kind: 'metric', name: 'declined voices', project: 'film-studio', under: 0.02 },
        ...{ total: counts.metricTotal, bad: counts.metricBad },
      },
      { kind: 'impact', name: 'failed', total: 'voices', bad: 'voices_failed', under: 0.005 },
    ]);
  });

  test.each([
    [
      { metricTotal: 'every request' },
      'metricTotal',
      'exactly one metric type, this one names none. Begin with metric.type=',
    ],
    [{ metricProject: 'somebody-elses' }, 'metricProject', 'Metrics are read here of film-studio'],
    [{ metricUnder: '250' }, 'metricUnder', '250 % is no bound for bad ones'],
    [{ metricName: 'voiceover-availability' }, 'metricName', 'Two guards are called “voiceover-availability”'],
    [{ short: 'soon' }, 'short', 'Write a window as a whole number and a unit'],
  ])('%j of a guard by counts is refused at its field, and what was typed stays', async (part, field, said) => {
    const sent = { ...form, ...counts, ...part };
    const { html, text, status, told } = await visit('/rollouts/new', burningWorld(), { form: sent });
    expect([status, told]).toEqual([400, []]);
    expect(text).toContain(said);
    expect(html).toContain(`aria-describedby="wrong-${field}"`);
    // Its fold is open, so that it is seen without JavaScript.
    expect(html).toMatch(/<details class="fold wide counted-guards" open="">/);
    expect(html).toMatch(new RegExp(`name="metricName"[^>]*value="${sent.metricName}"`));
  });

  test('what other files of the service guard by is offered by name, and taken where it is ticked', async () => {
    const others = () => {
      const made = declaring();
      const { flags } = made.catalog!;
      const [own] = flags.filter(({ name }) => name === 'voiceover-v2');
      const { rollout: plan, ...bare } = own!;
      const other = { ...bare, name: 'voiceover-fast', rollout: plan! };
      made.catalog!.flags = [bare, other];
      return made;
    };
    const page = await visit(asked, others());
    expect(page.text).toMatch(/failed answers, only those who have it as the file of voiceover-fast says: requests of/);
    const key = 'voiceover-fast/impact/failed answers, only those who have it/';
    expect(page.html).toContain(`value="${key}"`);
    expect(page.html).not.toMatch(new RegExp(`checked[^>]*value="${key}"`));
    const { told } = await visit('/rollouts/new', others(), { form: { ...form, kept: key } });
    const { plan } = told[0]!.with as { plan: RolloutPlan };
    expect(plan.stages[0]!.guards.map(({ source }) => source.kind)).toEqual(['slo', 'impact']);
  });

  test('a revision is told that impact metrics cannot tell it apart', async () => {
    const { html, text } = await visit('/rollouts/new?service=voiceover&revision=voiceover-00042', burningWorld());
    expect(html).toContain('name="metricTotal"');
    expect(html).not.toContain('name="impactTotal"');
    expect(text).toContain('A revision has no impact metrics: they are told apart by flags.');
    expect(text).toContain('Now: 100 % of the requests to voiceover.');
  });

  test('the way back after a kill begins at 5 %, with the later stages and the guards of the file', async () => {
    const killed = declaring();
    const [flag] = killed.observations['unleash flags']!.value as FlagState[];
    for (const environment of flag!.environments) environment.enabled = false;
    const { html } = await visit('/rollouts/new?flag=voiceover-v2&environment=production&from=5', killed);
    expect(html).toMatch(/<textarea[^>]*>5 % for 30m\n25 % for 30m\n100 % for 30m<\/textarea>/);
    expect(html).toMatch(/name="plan"[^>]*checked=""[^>]*value="typed"/);
  });

  test.each([
    [{ stages: '5 percent' }, 'Line 1: write a stage as'],
    [{ stages: '25 % for 10m\n5 % for 10m' }, 'each stage goes further up'],
    [{ stages: '25 % for 2m' }, 'its short window of 5 min never fills'],
    [{ stages: '' }, 'Write at least one stage'],
    [{ stages: '5 % for 10m\n'.repeat(200) }, 'The list of stages may have 2,000 characters at most'],
    [{ minRequests: 'many' }, 'Requests are a whole number'],
    [{ minRequests: '0' }, 'Requests are a whole number from 1 on'],
    [{ subject: 'flag production nobody' }, 'No file declares'],
    [{ plan: 'declared' }, 'declares no plan'],
  ])('%j is refused in plain words, and what was typed stays', async (part, said) => {
    const { text, html, told, status } = await visit('/rollouts/new', burningWorld(), { form: { ...form, ...part } });
    expect(status).toBe(400);
    expect(text).toContain(said);
    expect(told).toEqual([]);
    if (!('subject' in part)) expect(html).toContain('name="stages"');
    // Said once: at its field, where it is one's fault.
    expect(html.split(said)).toHaveLength(2);
    if ('stages' in part) expect(html).toMatch(/aria-describedby="wrong-stages"/);
  });

  test('without anything named it offers what there is', async () => {
    const { text } = await visit('/rollouts/new', burningWorld());
    expect(text).toContain('A flag');
    expect(text).toMatch(/A revision of \w+ .*has \d+ % of traffic/);
  });
});
