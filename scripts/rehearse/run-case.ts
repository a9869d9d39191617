import type { Finding } from '#app/domain/rehearsal/judge-case.ts';
import { judgeCase } from '#app/domain/rehearsal/judge-case.ts';
import { usualPeople } from '#app/domain/rehearsal/rehearsal.ts';
import type { Run } from '#app/domain/run/run.ts';
import { errorCode } from '#app/errors.ts';
import { advance, current, rests } from './advance.ts';
import { breakWorld } from './break-world.ts';
import { look } from './look.ts';
import { mend } from './mend.ts';
import { perform } from './perform.ts';
import { actorOf, darken, type Play, readRun, Stuck } from './play.ts';

/** What came of one case. */
export interface CaseResult {
  name: string;
  findings: Finding[];
  /** How the run's steps stood at the end, a line each, for whoever reads a failure. */
  steps: string[];
  wallMs: number;
}

const minute = 60_000;
/** Looks, a moment apart, at which nothing may move until a run counts as at rest. */
const restLooks = 6;

/** Plays one case in a world that is mended before, and judges what came of it. Never throws for what the case does. */
export async function runCase(play: Play): Promise<CaseResult> {
  const started = performance.now();
  const { story } = play;
  let runId: string | null = null;
  let findings: Finding[];
  try {
    await mend(play);
    await prepareWorld(play);
    runId = await openRun(play);
    for (const [index, act] of story.act.entries()) await perform(play, runId, act, `act.${index}`);
    findings = await judgeAtRest(play, runId);
  } catch (error) {
    findings = [{ path: error instanceof Stuck ? error.path : '', message: (error as Error).message }];
  }
  const run = runId === null ? null : await readRun(play, runId).catch(() => null);
  return { name: story.name, findings, steps: run ? stepLines(run) : [], wallMs: performance.now() - started };
}

async function prepareWorld(play: Play): Promise<void> {
  const { stage, story, catalog, runbook, rehearsal } = play;
  const people = [...Object.keys(usualPeople), ...Object.keys(rehearsal.people)];
  await stage.people(people.map((name) => actorOf(play, name)));
  for (const [index, fault] of story.given.entries()) {
    try {
      await breakWorld(stage.sim, fault, catalog, runbook.service);
    } catch (error) {
      throw new Stuck(`given.${index}`, (error as Error).message);
    }
    darken(play, fault);
  }
  // SDKs and traffic obey within a second of wall time; only then does the time of the story begin.
  if (story.given.length > 0) for (let waited = 0; waited < 12; waited++) await play.pace.moment();
  await play.pace.pass(story.open.after);
}

async function openRun(play: Play): Promise<string> {
  const { stage, story, runbook } = play;
  const incidentId = story.open.incident ? await untilIncident(play) : null;
  const actor = actorOf(play, story.open.by);
  const { service } = runbook;
  try {
    const { inputs } = story;
    return await stage.stores.runs.openRun({ template: runbook.slug, inputs, incidentId, service }, actor);
  } catch (error) {
    if (errorCode(error) === null) throw error;
    throw new Stuck('open', `The run could not be opened: ${(error as Error).message}`);
  }
}

/** The incident of the runbook, or of its service. Waits for it for an hour of data time. */
async function untilIncident({ stage, pace, runbook }: Play): Promise<string> {
  for (let waited = 0; waited < 20; waited++) {
    const open = await stage.stores.incidents.open();
    const own = open.find((one) => one.runbook === runbook.slug) ?? open.find((one) => one.service === runbook.service);
    if (own) return own.id;
    await pace.pass(3 * minute);
    await pace.moment();
  }
  throw new Stuck('open', 'No incident of this runbook or its service was opened within an hour.');
}

/** Waits until nothing moves by itself, or until a moving state that is expected is there, and judges. */
async function judgeAtRest(play: Play, runId: string): Promise<Finding[]> {
  const { expect } = play.story;
  const begun = performance.now();
  const moving = Object.values(expect.steps).some(({ state }) =>
    ['running', 'verifying', 'blocked', 'pending'].includes(state),
  );
  let quiet = 0;
  for (;;) {
    const run = await readRun(play, runId);
    quiet = rests(run) ? quiet + 1 : 0;
    const late = performance.now() - begun > play.pace.patience();
    if (moving || quiet >= restLooks || late) {
      const findings = judgeCase(expect, await look(play, run));
      if (findings.length === 0 || late) return findings;
      if (quiet >= restLooks && !findings.every(({ path }) => comesLater(path, play, run))) return findings;
      if (quiet >= restLooks) await play.pace.pass(5 * minute);
    }
    await advance(play, runId);
  }
}

/** An incident ends some minutes after what it is about, and a run whose changes can be undone half an hour after that. */
function comesLater(path: string, { story: { expect } }: Play, run: Run): boolean {
  if (path === 'expect.incident') return expect.incident === 'resolved';
  return path === 'expect.run' && expect.run === 'done' && run.state === 'open' && current(run) === null;
}

function stepLines({ steps }: Run): string[] {
  return steps.map(({ id, state, result, reason, verification }) => {
    const found = result === 'none' ? '' : `, ${result}`;
    const why = reason ?? (result === 'none' ? null : verification?.text);
    return `${id}: ${state}${found}${why ? `. ${why}` : ''}`;
  });
}
