import { unjudged } from '../../domain/run/judged.ts';
import type { Plan } from '../../domain/run/run.ts';
import { burnText } from '../../domain/slo/figures.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Command } from '../ui/command.tsx';
import { duration } from '../ui/duration.ts';
import { Age } from '../ui/time.tsx';
import { windowText } from '../window-words.ts';
import { Diff } from './diff.tsx';

const tones: Record<Plan['preconditions'][number]['state'], Tone> = { pass: 'ok', fail: 'bad', unknown: 'warn' };
const words = { pass: '', fail: 'not so: ', unknown: 'unknown: ' } as const;

/** A plan before its button: diff, preconditions, what is expected, who is touched, how it takes effect and how it is undone. Of one that cannot be carried out only what was found. */
export function PlanView({ plan, hash }: { plan: Plan; hash: string | null }) {
  const possible = plan.refused === null;
  const changes = possible && (plan.kind === 'stop' || plan.kind === 'forward');
  return (
    <>
      {plan.diff.length > 0 && (plan.kind === 'people' ? <Ask lines={plan.diff} /> : <Diff lines={plan.diff} />)}
      {plan.preconditions.length > 0 && (
        <ul className="checks" aria-label="Preconditions">
          {plan.preconditions.map((check) => (
            <li key={check.text}>
              <Chip tone={tones[check.state]} wrap>
                {words[check.state]}
                {check.text}
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <dl className="facts empty:hidden">
        {changes && plan.expected && <Fact name="Expected">{plan.expected}</Fact>}
        {plan.blast.length > 0 && <Fact name="Touches">{plan.blast.join(' · ')}</Fact>}
        {changes && plan.effect && <Fact name="Effect">{plan.effect}</Fact>}
        {possible && plan.verify && (
          <Fact name="Verified">
            when {plan.verify.slo} burns under {burnText(plan.verify.burnUnder)} over the last{' '}
            {windowText(plan.verify.window)}, within {duration(plan.verify.within)}
          </Fact>
        )}
        {unjudged(plan) && <Fact name="Verified">{unjudged(plan)}</Fact>}
        {changes && <Fact name="Undo">{plan.undo ?? 'This cannot be undone.'}</Fact>}
      </dl>
      <details className="fold">
        <summary>
          Details{plan.commands.length > 0 && ' and the exact commands'}
          <span className="text-faint">
            {' '}
            · read <Age at={plan.readAt} />
          </span>
        </summary>
        <div className="mt-2 grid gap-3">
          {plan.commands.map((each) => (
            <Command key={each.label} label={each.label} command={each.command} />
          ))}
          <p className="hash">
            plan {hash ?? 'not stored'} {plan.target && `· locks ${plan.target}`}
          </p>
        </div>
      </details>
    </>
  );
}

/** What a person is asked to do or what will be said in their name: words, not a diff. */
function Ask({ lines }: { lines: Plan['diff'] }) {
  return lines.map((line) => (
    <p key={line.text} className="whitespace-pre-wrap">
      {line.text}
    </p>
  ));
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
