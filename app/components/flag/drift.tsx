import type { Drift } from '../../domain/flag/drift.ts';
import { Command } from '../ui/command.tsx';
import { Panel } from '../ui/panel.tsx';

/** Where a flag's file and Unleash differ, and the way to either side; nothing where they agree. */
export function DriftPanel({ drift }: { drift: Drift[] }) {
  if (drift.length === 0) return null;
  return (
    <Panel title="Its file and Unleash differ" id="drift">
      {drift.map(({ kind, text, inUnleash, inFile }) => (
        <div key={`${kind} ${text}`} className="row plain">
          <div>
            <div className="row-title">{text}</div>
            <div className="row-detail">In Unleash: {inUnleash}.</div>
            <div className="row-detail">In the file: {inFile}.</div>
          </div>
        </div>
      ))}
      <div className="panel-body">
        <Command
          label="You choose the side. The plan shows both ways and names itself; applying takes that plan and no other."
          command="npm run --silent firebreak -- flags plan"
        />
      </div>
    </Panel>
  );
}
