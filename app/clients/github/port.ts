/** One run of a workflow. `title` is what its `run-name` made of the inputs. */
export interface WorkflowRun {
  id: number;
  title: string;
  status: 'queued' | 'in_progress' | 'completed' | 'other';
  /** How it ended, such as `success`, `failure`, `cancelled`; null before. */
  conclusion: string | null;
  url: string;
  createdAt: number;
}

/** A workflow of a repository: `repo` is `owner/name`, `workflow` its file name. */
export interface WorkflowPlace {
  repo: string;
  workflow: string;
}

/** Reads of GitHub's REST API. */
export interface GitHubRead {
  /** Null without a token: nothing can be read or dispatched. */
  readonly missing: string | null;
  workflow(place: WorkflowPlace, signal?: AbortSignal): Promise<{ name: string; active: boolean }>;
  /** SHA of the commit that a branch or tag is at now. */
  commit(repo: string, ref: string, signal?: AbortSignal): Promise<string>;
  /** Runs that were dispatched since `since`, newest first; at most 1,000. */
  dispatched(place: WorkflowPlace, since: number, signal?: AbortSignal): Promise<WorkflowRun[]>;
  run(repo: string, id: number, signal?: AbortSignal): Promise<WorkflowRun>;
}

/** Writes to GitHub, one attempt each. */
export interface GitHubWrite {
  /** GitHub answers no id: the run is found by what its title holds. */
  dispatch(place: WorkflowPlace, ref: string, inputs: Record<string, string>, signal?: AbortSignal): Promise<void>;
  /** Asks a run to end. False when it has ended already. */
  cancel(repo: string, id: number, signal?: AbortSignal): Promise<boolean>;
}
