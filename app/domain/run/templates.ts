import { z } from 'zod';
import { actions } from '../runbook/actions.ts';
import type { RunbookInput, StepDefinition, Verification } from '../runbook/runbook.ts';

/** A built-in run of one step, made from its inputs. Its digest is that of nothing: there is no file. */
export interface TemplateRun {
  title: string;
  steps: StepDefinition[];
}

interface Template {
  label: string;
  inputs: RunbookInput[];
  schema: z.ZodType<Record<string, string | undefined>>;
  make(inputs: Record<string, string | undefined>): TemplateRun;
}

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
const name = z.string().min(1).max(200);
const input = (of: string, type: RunbookInput['type'], label: string): RunbookInput => ({
  name: of,
  type,
  label,
  default: null,
});
const flagInputs = [
  input('flag', 'flag', 'Flag'),
  input('environment', 'string', 'Environment'),
  input('slo', 'slo', 'SLO that proves it'),
];
const share = z.string().regex(/^([1-9]\d?|100)$/, 'A share of requests is a whole number from 1 to 100.');
const flagSchema = z.strictObject({ flag: name, environment: name, slo: name.optional() });

/** All built-in templates, by the name that a run carries. `slo` is optional everywhere: without it nothing is verified. */
export const templates = {
  'template:flag.kill': {
    label: 'Bring a flag to its safe state',
    inputs: flagInputs,
    schema: flagSchema,
    make: ({ flag, environment, slo }) => {
      const title = `Bring ${flag} to its safe state in ${environment}`;
      const step = { id: 'kill', uses: 'flag.kill', with: { flag, environment }, verify: proof(slo), expires: week };
      return { title, steps: [definition(title, step)] };
    },
  },
  'template:flag.restore': {
    label: 'Give a flag back what it had',
    inputs: flagInputs,
    schema: flagSchema,
    make: ({ flag, environment, slo }) => {
      const title = `Restore ${flag} in ${environment}`;
      const step = { id: 'restore', uses: 'flag.restore', with: { flag, environment }, verify: proof(slo) };
      return { title, steps: [definition(title, step)] };
    },
  },
  'template:flag.expose': {
    label: 'Set the share of people that get a flag',
    inputs: [
      ...flagInputs,
      input('percent', 'number', 'Share of people, percent'),
      input('variants', 'string', 'Variants with their shares: blue 50, green 50'),
    ],
    schema: flagSchema.extend({
      percent: z.string().regex(/^(\d{1,2}|100)$/, 'A share is a whole number from 0 to 100.'),
      variants: z.string().max(1_000).optional(),
    }),
    make: ({ flag, environment, percent, variants, slo }) => {
      const title = `Set ${flag} to ${percent} % in ${environment}`;
      const given = { flag, environment, percent: Number(percent), ...(variants ? { variants } : {}) };
      return {
        title,
        steps: [definition(title, { id: 'expose', uses: 'flag.expose', with: given, verify: proof(slo) })],
      };
    },
  },
  'template:flag.put-back': {
    label: 'Put a flag back to what stood before a run',
    inputs: [...flagInputs, input('run', 'string', 'Run that raised its exposure')],
    schema: flagSchema.extend({ run: name }),
    make: ({ flag, environment, run, slo }) => {
      const title = `Put ${flag} in ${environment} back`;
      const step = { id: 'put-back', uses: 'flag.put-back', with: { flag, environment, run }, verify: proof(slo) };
      return { title, steps: [definition(title, step)] };
    },
  },
  'template:flag.define': {
    label: 'Make a flag in Unleash what its file says',
    inputs: flagInputs.slice(0, 2),
    schema: flagSchema.omit({ slo: true }),
    make: ({ flag, environment }) => {
      const title = `Put back what the file of ${flag} says`;
      return {
        title,
        steps: [definition(title, { id: 'define', uses: 'flag.define', with: { flag, environment } })],
      };
    },
  },
  'template:cloudrun.put-back': {
    label: 'Put traffic back to where it was before a run',
    inputs: [
      input('service', 'string', 'Service'),
      input('run', 'string', 'Run that moved it'),
      input('slo', 'slo', 'SLO that proves it'),
    ],
    schema: z.strictObject({ service: name, run: name, slo: name.optional() }),
    make: ({ service, run, slo }) => {
      const title = `Put the traffic of ${service} back`;
      const step = { id: 'put-back', uses: 'cloudrun.put-back', with: { service, run }, verify: proof(slo) };
      return { title, steps: [definition(title, step)] };
    },
  },
  'template:cloudrun.traffic': {
    label: 'Route traffic to a revision',
    inputs: [
      input('service', 'string', 'Service'),
      input('to', 'revision', 'Revision, or LATEST'),
      input('percent', 'number', 'Share of requests, percent; all of them in two moves where none is given'),
      input('slo', 'slo', 'SLO that proves it'),
    ],
    schema: z.strictObject({ service: name, to: name, percent: share.optional(), slo: name.optional() }),
    make: ({ service, to, percent, slo }) => {
      const latest = to?.toUpperCase() === 'LATEST';
      const part = percent === undefined ? '' : `${percent} % of `;
      const title = latest ? `Return ${service} to its latest revision` : `Route ${part}${service} to ${to}`;
      // A rollback goes in two moves, so that a revision that no longer works meets 5 % of the requests and not all.
      const all = latest ? { percent: 100 } : { percent: 100, first: 5, hold: '2m' };
      const moves = percent === undefined ? all : { percent: Number(percent) };
      const target = { service, to: latest ? 'LATEST' : to, ...moves };
      const step = {
        id: 'traffic',
        uses: 'cloudrun.traffic',
        with: target,
        verify: proof(slo),
        expires: latest ? null : week,
      };
      return { title, steps: [definition(title, step)] };
    },
  },
  'template:pagerduty.acknowledge': {
    label: 'Acknowledge in PagerDuty',
    inputs: [],
    schema: z.strictObject({}),
    make: () => {
      const title = 'Acknowledge in PagerDuty';
      return { title, steps: [definition(title, { id: 'acknowledge', uses: 'pagerduty.acknowledge', with: {} })] };
    },
  },
  'template:pagerduty.note': {
    label: 'Write a note in PagerDuty',
    inputs: [input('text', 'string', 'Note')],
    schema: z.strictObject({ text: actions['pagerduty.note'].schema.shape.text }),
    make: ({ text }) => {
      const title = 'Write a note in PagerDuty';
      return { title, steps: [definition(title, { id: 'note', uses: 'pagerduty.note', with: { text } })] };
    },
  },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;

/** True for the name of a built-in template; anything else names a runbook. */
export function isTemplate(run: string): run is TemplateName {
  return Object.hasOwn(templates, run);
}

/** The run that a built-in template makes of its inputs. Empty inputs count as not given; problems name the input. */
export function templateRun(
  template: TemplateName,
  inputs: Record<string, string>,
): { ok: true; run: TemplateRun } | { ok: false; problems: { input: string; message: string }[] } {
  const made: Template = templates[template];
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ''));
  const result = made.schema.safeParse(given);
  if (result.success) return { ok: true, run: made.make(result.data) };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => {
      const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
      return names.map((of) => ({
        input: of,
        message: issue.code === 'unrecognized_keys' ? `There is no input ${of}.` : `${of}: ${issue.message}`,
      }));
    }),
  };
}

/** Burn under 1 over 5 minutes, within 15: back inside the budget's pace. */
function proof(slo: string | undefined): Verification | null {
  return slo === undefined ? null : { slo, burnUnder: 1, window: '5m', within: 15 * minute };
}

type Part = Pick<StepDefinition, 'id' | 'uses' | 'with'> & Partial<Pick<StepDefinition, 'verify' | 'expires'>>;

function definition(title: string, { verify = null, expires = null, ...part }: Part): StepDefinition {
  return { ...part, title, when: null, require: null, verify, expires, line: 1, column: 1 };
}
