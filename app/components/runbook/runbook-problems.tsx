import type { Problem } from '../../domain/runbook/runbook.ts';
import { Panel } from '../ui/panel.tsx';

/** What is wrong in a runbook's file, each with its place and how to mend it. */
export function RunbookProblems({ problems }: { problems: Problem[] }) {
  return (
    <Panel title="Problems in this file" stale>
      {problems.map((each) => (
        <div key={`${each.line}:${each.column}${each.message}`} className="panel-note">
          <span className="mono">
            {each.file}:{each.line}:{each.column}
          </span>{' '}
          {each.severity}: {each.message} {each.hint}
        </div>
      ))}
    </Panel>
  );
}
