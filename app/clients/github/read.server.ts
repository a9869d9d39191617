import { z } from 'zod';
import type { Resilience } from '../../platform/resilience.ts';
import { type GitHubAddress, githubRequest } from './http.server.ts';
import type { GitHubRead, WorkflowPlace, WorkflowRun } from './port.ts';

const statuses = ['queued', 'in_progress', 'completed'] as const;
const run = z
  .object({
    id: z.number(),
    display_title: z.string().nullish(),
    name: z.string().nullish(),
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    html_url: z.string(),
    created_at: z.string(),
  })
  .transform(
    (wire): WorkflowRun => ({
      id: wire.id,
      title: wire.display_title ?? wire.name ?? '',
      status: statuses.find((one) => one === wire.status) ?? 'other',
      conclusion: wire.conclusion ?? null,
      url: wire.html_url,
      createdAt: Date.parse(wire.created_at),
    }),
  );
const runs = z.object({ workflow_runs: z.array(run) });
const workflow = z.object({ name: z.string(), state: z.string() });
const commit = z.object({ sha: z.string() });

const pageSize = 100;
/** GitHub lists at most 1,000 runs of one search. */
const mostPages = 10;

/** Path of a repository; `owner/name` is checked where a step names it. */
export const repoPath = (repo: string) => `/repos/${repo.split('/').map(encodeURIComponent).join('/')}`;

/** Path of a workflow. */
export const workflowPath = ({ repo, workflow: file }: WorkflowPlace) =>
  `${repoPath(repo)}/actions/workflows/${encodeURIComponent(file)}`;

/** Reads GitHub. Every read is guarded by itself. */
export function createGitHubRead(address: GitHubAddress, resilience: Resilience): GitHubRead {
  const get = <S extends z.ZodType>(path: string, schema: S, signal?: AbortSignal): Promise<z.output<S>> =>
    resilience.read(async (inner) => schema.parse(await githubRequest(address, path, { signal: inner })), signal);

  return {
    missing: address.token === null ? 'GITHUB_TOKEN is not set where Firebreak runs.' : null,
    async workflow(place, signal) {
      const { name, state } = await get(workflowPath(place), workflow, signal);
      return { name, active: state === 'active' };
    },
    async commit(repo, ref, signal) {
      return (await get(`${repoPath(repo)}/commits/${encodeURIComponent(ref)}`, commit, signal)).sha;
    },
    async dispatched(place, since, signal) {
      const created = encodeURIComponent(`>=${new Date(since).toISOString().slice(0, 19)}Z`);
      const found: WorkflowRun[] = [];
      for (let page = 1; page <= mostPages; page++) {
        const query = `event=workflow_dispatch&created=${created}&per_page=${pageSize}&page=${page}`;
        const { workflow_runs } = await get(`${workflowPath(place)}/runs?${query}`, runs, signal);
        found.push(...workflow_runs);
        if (workflow_runs.length < pageSize) break;
      }
      return found;
    },
    run: (repo, id, signal) => get(`${repoPath(repo)}/actions/runs/${id}`, run, signal),
  };
}
