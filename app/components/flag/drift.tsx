import { Command } from '../ui/command.tsx';
import { Panel } from '../ui/panel.tsx';
import { PostButton } from '../ui/post-button.tsx';
import type { DriftView } from './drift-view.ts';

/** Where a flag's file and Unleash differ, and the way to either side; nothing where they agree. */
export function DriftPanel({ drift, whyNot }: { drift: DriftView; whyNot: string | null }) {
  const { rows, puttable, byHand } = drift;
  if (rows.length === 0) return null;
  return (
    <Panel title="Its file and Unleash differ" id="drift">
      {rows.map(({ kind, text, inUnleash, inFile, change }) => (
        <div key={`${kind} ${text}`} className="row plain">
          <div className="min-w-0">
            <div className="row-title">{text}</div>
            <div className="row-detail">To follow the file, in Unleash: {inUnleash}.</div>
            <div className="row-detail">To keep what Unleash has, in the file: {inFile}.</div>
            {change && change.yaml === null && <div className="row-detail mono">{change.where}.</div>}
            {change && change.yaml !== null && <Command label={`${change.where}:`} command={change.yaml} />}
          </div>
        </div>
      ))}
      {puttable.length > 0 && (
        <div className="panel-body">
          <div className="acts">
            {puttable.map((environment) => (
              <PostButton key={environment} fields={{ intent: 'define', environment }} why={whyNot}>
                Put back what the file says{puttable.length > 1 && ` in ${environment}`}…
              </PostButton>
            ))}
          </div>
          <p className="why">
            A run with its plan, in Unleash. It gives the flag to nobody.
            {byHand > 0 && ' What is left to you above it does not touch.'}
          </p>
        </div>
      )}
      <div className="panel-body">
        <Command
          label="Or from the files' repository, which can follow Unleash too. The plan shows both ways and names itself; applying takes that plan and no other."
          command="npm run --silent firebreak -- flags plan"
        />
      </div>
    </Panel>
  );
}
