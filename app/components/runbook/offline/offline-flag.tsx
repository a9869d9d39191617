import { effectiveExposure } from '../../../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagEnvironmentState } from '../../../domain/flag/flag.ts';
import { safeWords } from '../../../domain/flag/safe-words.ts';
import { type HandFacts, handWork } from '../../../domain/run/commands/by-hand.ts';
import { shellWord } from '../../../domain/run/commands/shell-word.ts';
import { Command } from '../../ui/command.tsx';
import { Panel } from '../../ui/panel.tsx';
import { HandWorkView } from '../hand-work-view.tsx';
import { type LastSeen, SeenAt } from './last-seen.tsx';

/** How to make a flag safe without the console. `seen` is who got it when the console last looked; null where that is not known. */
export function OfflineFlag({
  flag,
  facts,
  seen,
}: {
  flag: FlagDeclaration;
  facts: HandFacts;
  seen: LastSeen<FlagEnvironmentState[]> | null;
}) {
  const names = flag.environments.map(({ name }) => name);
  // Where its file names no environment, the one that burns is meant.
  const environments = names.length > 0 ? [...names].sort((a, b) => order(a) - order(b)) : ['production'];
  return (
    <div className="col">
      <div className="head">
        <div>
          <h1>{flag.title}</h1>
          <p className="meta">
            <span className="mono">{flag.name}</span>
            <span>owned by {flag.owners.join(', ')}</span>
            <span>
              service{' '}
              <a className="link" href={`../services/${encodeURIComponent(flag.service)}.html`}>
                {flag.service}
              </a>
            </span>
          </p>
        </div>
      </div>
      <p>{flag.description}</p>
      <p>
        <strong>Safe when {safeWords(flag.safe)}.</strong>
      </p>
      {seen && (
        <Panel title="When the console last looked">
          <dl className="facts panel-body">
            {seen.value.map((state) => (
              <div key={state.environment}>
                <dt>{state.environment}</dt>
                <dd>{effectiveExposure(state).text}</dd>
              </div>
            ))}
          </dl>
          <SeenAt seen={seen} />
        </Panel>
      )}
      {environments.map((environment) => (
        <Panel key={environment} title={`Make it safe in ${environment}`}>
          <div className="panel-body grid gap-3">
            <Command
              label="With Firebreak's command line, which writes down what it did"
              command={`npm run --silent firebreak -- kill ${shellWord(flag.name)} --direct --environment ${shellWord(environment)} --reason '…'`}
            />
            <HandWorkView work={handWork('flag.kill', { flag: flag.name, environment }, facts)} />
          </div>
        </Panel>
      ))}
    </div>
  );
}

function order(environment: string): number {
  return environment === 'production' ? 0 : 1;
}
