import type { RunState, StepResult, StepState } from '../run/run.ts';
import type { Expectation } from './rehearsal.ts';

/** What a case came to, as its world and its run stand at the end. */
export interface Seen {
  run: RunState;
  steps: Record<string, SeenStep>;
  /** By `environment/flag`: on, off, or the percentage that it is on for; null where Unleash knows no such flag there. */
  flags: Record<string, 'on' | 'off' | number | null>;
  traffic: Record<string, 'latest' | 'pinned'>;
  /** Names of the flags and services that the run left behind. */
  followUps: string[];
  incident: 'open' | 'resolved' | null;
}

/** A step at the end of a case. */
export interface SeenStep {
  state: StepState;
  result: StepResult;
  kind: string;
  reason: string | null;
  outputs: Record<string, unknown>;
}

/** One expectation that does not hold. `path` leads to it within the case: `expect.steps.kill-flag`. */
export interface Finding {
  path: string;
  message: string;
}

/** Every expectation that what was seen does not meet, in the order of the file. */
export function judgeCase(expect: Expectation, seen: Seen): Finding[] {
  const found: Finding[] = [];
  const say = (path: string, message: string) => found.push({ path: `expect.${path}`, message });
  for (const [id, wanted] of Object.entries(expect.steps)) {
    const step = seen.steps[id];
    const path = `steps.${id}`;
    if (!step) {
      say(path, `The run has no step ${id}.`);
      continue;
    }
    const why = step.reason ? `: ${step.reason}` : '';
    if (step.state !== wanted.state) say(path, `${id} is ${step.state}, not ${wanted.state}${why}`);
    else if (wanted.result !== null && step.result !== wanted.result)
      say(path, `The verification of ${id} says ${step.result}, not ${wanted.result}${why}`);
    if (wanted.kind !== null && step.kind !== wanted.kind) say(path, `${id} is a ${step.kind}, not a ${wanted.kind}.`);
    if (wanted.reason !== null && !step.reason?.includes(wanted.reason))
      say(path, `${id} says ${quoted(step.reason)}, where "${wanted.reason}" was expected.`);
    for (const [name, value] of Object.entries(wanted.outputs)) {
      const actual = Object.hasOwn(step.outputs, name) ? String(step.outputs[name]) : null;
      if (actual !== value) say(path, `The output ${name} of ${id} is ${quoted(actual)}, not "${value}".`);
    }
  }
  if (expect.run !== null && seen.run !== expect.run) say('run', `The run is ${seen.run}, not ${expect.run}.`);
  for (const [name, wanted] of Object.entries(expect.flags)) {
    const actual = seen.flags[inEnvironment(name)] ?? null;
    if (sameShare(actual, wanted)) continue;
    const stands = actual === null ? 'is not known to Unleash' : `is ${shareText(actual)}`;
    say(`flags.${name}`, `The flag ${name} ${stands}, not ${shareText(wanted)}.`);
  }
  for (const [service, wanted] of Object.entries(expect.traffic)) {
    const actual = seen.traffic[service];
    if (actual !== wanted)
      say(`traffic.${service}`, `The traffic of ${service} is ${words[actual ?? 'unknown']}, not ${words[wanted]}.`);
  }
  if (expect.followUps !== null) {
    for (const name of expect.followUps)
      if (!seen.followUps.includes(name)) say('follow_ups', `Nothing reminds of ${name}: the run left no follow-up.`);
    for (const name of seen.followUps)
      if (!expect.followUps.includes(name)) say('follow_ups', `The run leaves ${name} behind, which was not expected.`);
  }
  if (expect.incident !== null && seen.incident !== expect.incident)
    say('incident', `The incident is ${seen.incident ?? 'not there'}, not ${expect.incident}.`);
  return found;
}

/** A flag's name with its environment, production unless it says another. */
export function inEnvironment(name: string): string {
  return name.includes('/') ? name : `production/${name}`;
}

const words = {
  latest: 'on the latest revision',
  pinned: 'pinned to an earlier revision',
  unknown: 'not known',
} as const;

/** On is on for everybody. */
function sameShare(actual: 'on' | 'off' | number | null, wanted: 'on' | 'off' | number): boolean {
  const share = (value: 'on' | 'off' | number) => (value === 'on' ? 100 : value === 'off' ? 0 : value);
  return actual !== null && share(actual) === share(wanted);
}

function shareText(share: 'on' | 'off' | number): string {
  return typeof share === 'number' ? `on for ${share} %` : share;
}

function quoted(text: string | null): string {
  return text === null ? 'nothing' : `"${text}"`;
}
