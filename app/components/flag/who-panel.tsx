import { Form } from '@remix-run/react';
import { paths } from '../../paths.ts';
import { useFreshness } from '../freshness.ts';
import { Freshly } from '../observed-panel.tsx';
import { Chip } from '../ui/chip.tsx';
import { Choice } from '../ui/choice.tsx';
import { Panel } from '../ui/panel.tsx';
import type { WhoView } from './who.ts';

const staleAfter = 2 * 60_000;

/** Who gets it: a form of the fields that count, its answer and every reason, in the order in which an SDK looks. */
export function WhoPanel({ flag, view }: { flag: string; view: WhoView }) {
  const { answer } = view;
  const fresh = useFreshness(view.served, staleAfter);
  return (
    <Panel title="Who gets it" id="who" stale={fresh.state === 'stale'} aside={<Freshly state={fresh} />}>
      <div className="panel-body">
        <Form method="get" action={`${paths.flag(flag)}#who`} className="who-form" key={JSON.stringify(view.fields)}>
          <input type="hidden" name="ask" value="1" />
          <Choice
            label="Environment"
            name="environment"
            value={view.environment}
            options={view.environments.map((name) => [name, name] as const)}
          />
          {view.fields.map(({ name, param, value }) => (
            <label key={param} className="field">
              <span>{name}</span>
              <input
                className="input"
                name={param}
                defaultValue={value}
                maxLength={200}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            </label>
          ))}
          <button type="submit" className="btn">
            Ask
          </button>
        </Form>
        {fresh.state === 'stale' && (
          <p className="mt-2 text-[13px] text-dim">The answer is by what SDKs were served when it was last read.</p>
        )}
        {view.unknown && <p className="mt-2 text-[13px] text-dim">{view.unknown}</p>}
        {view.fields.length === 0 && !view.unknown && (
          <p className="mt-2 text-[13px] text-dim">The answer is the same for everyone here: no field counts.</p>
        )}
        {view.wrong && (
          <p className="field-error mt-2" role="alert">
            {view.wrong}
          </p>
        )}
        {answer && (
          <div className="mt-3" role="status">
            <Chip tone={answer.on === null ? 'warn' : answer.on ? 'ok' : 'plain'} wrap>
              {answer.text}
            </Chip>
            <ol className="reasons">
              {answer.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </Panel>
  );
}
