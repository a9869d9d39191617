import { Form } from '@remix-run/react';
import type { RunbookInput } from '../../domain/runbook/runbook.ts';
import { Problem } from '../ui/problem.tsx';

/** Opens a run of the runbook: its inputs, each left empty for its default; nothing changes until a step is confirmed. */
export function OpenRunForm({
  inputs,
  incident,
  why,
  failure,
}: {
  inputs: RunbookInput[];
  incident: { id: string; title: string } | null;
  why: string | null;
  failure: { message: string; values: Record<string, string> } | null;
}) {
  return (
    <Form method="post" className="grid gap-3 p-3.5">
      {inputs.map((input) => (
        <label key={input.name} className="field">
          <span>{input.label}</span>
          <input
            className="input"
            name={`input.${input.name}`}
            placeholder={input.default?.replaceAll('-', ' ') ?? undefined}
            required={input.default === null}
            defaultValue={failure?.values[`input.${input.name}`]}
            maxLength={200}
          />
        </label>
      ))}
      {incident && (
        <label className="tick-line">
          <input
            type="checkbox"
            name="incident"
            value={incident.id}
            defaultChecked={!failure || failure.values.incident === incident.id}
          />
          <span>For the open incident: {incident.title}</span>
        </label>
      )}
      {failure && <Problem>{failure.message}</Problem>}
      <div className="acts">
        <button type="submit" className="btn go" disabled={why !== null}>
          Open run
        </button>
        <span className="why">{why ?? 'Plans the first step and changes nothing.'}</span>
      </div>
    </Form>
  );
}
