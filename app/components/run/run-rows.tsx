import type { RunState, StepResult } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Time } from '../ui/time.tsx';
import { runStates } from './run-state.ts';
import { resultWords } from './step-state.ts';

/** A run in a list. */
export interface RunRow {
  id: string;
  title: string;
  state: RunState;
  service: string | null;
  openedBy: string;
  openedAt: number;
  results: StepResult[];
}

/** Runs as rows that lead to their pages, with what verification found. */
export function RunRows({ runs }: { runs: RunRow[] }) {
  return runs.map((run) => {
    const last = run.results.map(resultWords).findLast((each) => each !== null);
    return (
      <a key={run.id} className="row plain" href={paths.run(run.id)}>
        <span>
          <span className="row-title">{run.title}</span>
          <span className="row-detail block">
            {run.service && `${run.service} · `}opened <Time at={run.openedAt} /> by {run.openedBy}
          </span>
        </span>
        <span className="acts">
          {last && <Chip tone={last.tone}>{last.text}</Chip>}
          <Chip tone={runStates[run.state].tone}>{runStates[run.state].text}</Chip>
        </span>
      </a>
    );
  });
}
