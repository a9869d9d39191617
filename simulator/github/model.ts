/** A workflow file: which inputs it declares, and what its runs are called. `${{ inputs.x }}` in `runName` is filled in. */
export interface GhWorkflow {
  file: string;
  name: string;
  runName: string | null;
  inputs: { name: string; required: boolean }[];
  disabled: boolean;
}

/** A repository: branches and tags with the commit they are at. */
export interface GhRepository {
  name: string;
  refs: Record<string, string>;
  workflows: GhWorkflow[];
}

/** One run. Times are data ms; status follows from them. */
export interface GhRun {
  id: number;
  repo: string;
  workflow: string;
  ref: string;
  title: string;
  inputs: Record<string, string>;
  createdAt: number;
  /** Listed from then on: GitHub takes a moment. */
  listedAt: number;
  startsAt: number;
  endsAt: number;
  conclusion: 'success' | 'failure' | 'cancelled';
}
