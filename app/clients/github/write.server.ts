import type { Resilience } from '../../platform/resilience.ts';
import { type GitHubAddress, githubRequest } from './http.server.ts';
import type { GitHubWrite } from './port.ts';
import { repoPath, workflowPath } from './read.server.ts';

/** Writes to GitHub, one attempt each. */
export function createGitHubWrite(address: GitHubAddress, resilience: Resilience): GitHubWrite {
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    resilience.write((inner) => githubRequest(address, path, { method: 'POST', body, signal: inner }), { signal });
  return {
    async dispatch(place, ref, inputs, signal) {
      await post(`${workflowPath(place)}/dispatches`, { ref, inputs }, signal);
    },
    async cancel(repo, id, signal) {
      try {
        await post(`${repoPath(repo)}/actions/runs/${id}/cancel`, undefined, signal);
        return true;
      } catch (error) {
        if ((error as { answered?: unknown }).answered === 409) return false;
        throw error;
      }
    },
  };
}
