import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyHttpFault } from '../control/http-fault.ts';
import { type Answer, type Call, readCall, writeAnswer } from '../pagerduty/http.ts';
import type { Faults, SimClock } from '../world/seams.ts';
import type { GhRepository, GhRun, GhWorkflow } from './model.ts';

export interface GitHubOptions {
  clock: SimClock;
  faults: Faults;
  token: string;
  repositories: readonly GhRepository[];
  /** Path that its API stands under, such as `/github`; own address before it. */
  prefix: string;
  publicUrl: () => string;
  /** Data ms until a run is listed, starts and ends after that. */
  manners?: { listedAfter: number; startsAfter: number; lasts: number };
}

/** What drills do to the workflows. */
export interface SimGitHub {
  /** Answers a request that is GitHub's; false leaves it to others. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** How runs dispatched from now on end. */
  endAs(conclusion: 'success' | 'failure'): void;
  /** Takes `remaining` more requests, then says that the rate limit is used up; null for no limit. */
  limit(remaining: number | null): void;
  runs(): readonly GhRun[];
}

const usualManners = { listedAfter: 2_000, startsAfter: 5_000, lasts: 45_000 };
const resetAfter = 60_000;

/** GitHub's workflow API in miniature, on the simulator's clock: dispatch, list with filters, one run, cancel, commits of refs. */
export function createGitHub(options: GitHubOptions): SimGitHub {
  const { clock, faults, token, repositories, prefix } = options;
  const manners = options.manners ?? usualManners;
  const runs: GhRun[] = [];
  let conclusion: GhRun['conclusion'] = 'success';
  let remaining: number | null = null;

  function answer(call: Call): Answer {
    if (call.header('authorization') !== `Bearer ${token}`) return no(401, 'Bad credentials');
    const [, owner, name, ...rest] = /^\/repos\/([^/]+)\/([^/]+)\/(.*)$/.exec(call.path) ?? [];
    const repo = repositories.find((one) => one.name === `${owner}/${name}`);
    const path = rest[0] ?? '';
    if (!repo) return no(404, 'Not Found');
    const commit = /^commits\/(.+)$/.exec(path)?.[1];
    if (commit !== undefined && call.method === 'GET') {
      const sha = repo.refs[commit];
      return sha ? { status: 200, body: { sha } } : no(422, `No commit found for SHA: ${commit}`);
    }
    const one = /^actions\/runs\/(\d+)(\/cancel)?$/.exec(path);
    if (one) return ofRun(call, repo, Number(one[1]), one[2] !== undefined);
    const [, file, part] = /^actions\/workflows\/([^/]+)(?:\/(dispatches|runs))?$/.exec(path) ?? [];
    const workflow = repo.workflows.find((candidate) => candidate.file === file);
    if (!workflow) return no(404, 'Not Found');
    if (part === 'dispatches' && call.method === 'POST') return dispatch(call, repo, workflow);
    if (call.method !== 'GET') return no(404, 'Not Found');
    if (part === 'runs') return list(call, repo, workflow);
    const state = workflow.disabled ? 'disabled_manually' : 'active';
    return { status: 200, body: { id: 1, name: workflow.name, path: `.github/workflows/${file}`, state } };
  }

  function dispatch(call: Call, repo: GhRepository, workflow: GhWorkflow): Answer {
    const { ref, inputs = {} } = (call.body ?? {}) as { ref?: unknown; inputs?: Record<string, unknown> };
    if (typeof ref !== 'string') return no(422, 'Invalid request.');
    if (!repo.refs[ref]) return no(422, `No ref found for: ${ref}`);
    if (workflow.disabled) return no(422, 'Cannot trigger a workflow that is disabled');
    const unexpected = Object.keys(inputs).filter((input) => !workflow.inputs.some(({ name }) => name === input));
    if (unexpected.length > 0) return no(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
    const missing = workflow.inputs.find(({ name, required }) => required && inputs[name] === undefined);
    if (missing) return no(422, `Required input '${missing.name}' not provided`);
    const now = clock.now();
    const given = Object.fromEntries(Object.entries(inputs).map(([input, value]) => [input, String(value)]));
    const fill = (text: string) => text.replace(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, input) => given[input] ?? '');
    const startsAt = now + manners.startsAfter;
    runs.push({
      id: 1_000 + runs.length,
      repo: repo.name,
      workflow: workflow.file,
      ref,
      title: workflow.runName ? fill(workflow.runName) : workflow.name,
      inputs: given,
      createdAt: now,
      listedAt: now + manners.listedAfter,
      startsAt,
      endsAt: startsAt + manners.lasts,
      conclusion,
    });
    return { status: 204 };
  }

  function list(call: Call, repo: GhRepository, workflow: GhWorkflow): Answer {
    const { query } = call;
    const since = /^>=(.+)$/.exec(query.get('created') ?? '')?.[1];
    const found = runs
      .filter((run) => run.repo === repo.name && run.workflow === workflow.file && run.listedAt <= clock.now())
      .filter((run) => since === undefined || run.createdAt >= Date.parse(since))
      .filter((run) => !query.get('status') || render(run).status === query.get('status'))
      .filter(() => (query.get('event') ?? 'workflow_dispatch') === 'workflow_dispatch')
      .reverse();
    const size = Math.min(100, Number(query.get('per_page') ?? 30));
    const from = (Number(query.get('page') ?? 1) - 1) * size;
    const page = found.slice(from, from + size).map(render);
    return { status: 200, body: { total_count: found.length, workflow_runs: page } };
  }

  function ofRun(call: Call, repo: GhRepository, id: number, cancels: boolean): Answer {
    const run = runs.find((candidate) => candidate.id === id && candidate.repo === repo.name);
    if (!run) return no(404, 'Not Found');
    if (!cancels) return call.method === 'GET' ? { status: 200, body: render(run) } : no(404, 'Not Found');
    if (call.method !== 'POST') return no(404, 'Not Found');
    if (run.endsAt <= clock.now()) return no(409, 'Cannot cancel a workflow run that is completed.');
    run.conclusion = 'cancelled';
    run.endsAt = Math.min(run.endsAt, clock.now() + 1_000);
    return { status: 202, body: {} };
  }

  function render(run: GhRun) {
    const now = clock.now();
    const status = now >= run.endsAt ? 'completed' : now >= run.startsAt ? 'in_progress' : 'queued';
    return {
      id: run.id,
      name: run.workflow,
      display_title: run.title,
      head_branch: run.ref,
      event: 'workflow_dispatch',
      status,
      conclusion: status === 'completed' ? run.conclusion : null,
      html_url: `${options.publicUrl()}${prefix}/${run.repo}/actions/runs/${run.id}`,
      created_at: new Date(run.createdAt).toISOString(),
    };
  }

  return {
    endAs: (next) => {
      conclusion = next;
    },
    limit: (next) => {
      remaining = next;
    },
    runs: () => runs,
    async handle(request, response) {
      if (!request.url?.startsWith(`${prefix}/`)) return false;
      if (applyHttpFault(faults.check('github'), request, response)) return true;
      request.url = request.url.slice(prefix.length);
      const call = await readCall(request);
      if (remaining !== null && remaining-- <= 0) {
        remaining = 0;
        response.setHeader('x-ratelimit-remaining', '0');
        response.setHeader('x-ratelimit-reset', String(Math.ceil((Date.now() + resetAfter) / 1000)));
        writeAnswer(response, no(403, 'API rate limit exceeded'));
      } else writeAnswer(response, answer(call));
      return true;
    },
  };
}

function no(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } };
}
