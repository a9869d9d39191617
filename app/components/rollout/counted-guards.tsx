import type { ReactNode } from 'react';
import type { TypedPlan } from '../../domain/rollout/typed-plan.ts';
import { type WrittenField, writtenFields } from '../../domain/rollout/written-guards.ts';
import { tight } from '../ui/tight.ts';
import { wrongField } from '../ui/wrong-field.tsx';

/** What the form knows of guards by two counts. */
export interface CountedGuardsView {
  typed: Pick<TypedPlan, 'written' | 'kept'>;
  /** Those that other files of the service declare, and whose. */
  elsewhere: { key: string; title: string; counts: string; from: string }[];
  /** Projects of Google Cloud whose metrics may be counted. */
  projects: string[];
  /** Why impact metrics cannot guard it; null where they can. */
  noImpact: string | null;
}

/** Guards by two counts, beside the SLOs: those that other files of the service declare, and new ones. Open where something stands in it. */
export function CountedGuards({
  view: { typed, elsewhere, projects, noImpact },
  wrong,
}: {
  view: CountedGuardsView;
  wrong: { field: string; message: string } | null;
}) {
  const { written, kept } = typed;
  const { message, marks } = wrongField(wrong);
  const used = writtenFields.some((name) => name !== 'metricProject' && written[name] !== '');
  const input = (name: WrittenField, title: string, about?: { mono?: boolean; hint?: string }) => (
    <Labelled title={title} wrong={message(name)} wide={about?.mono}>
      <input
        className={about?.mono ? 'input mono' : 'input'}
        name={name}
        maxLength={about?.mono ? 2_000 : 100}
        defaultValue={written[name]}
        placeholder={about?.hint}
        spellCheck={false}
        autoComplete="off"
        {...marks(name)}
      />
    </Labelled>
  );
  return (
    <details className="fold wide counted-guards" open={used || elsewhere.some(({ key }) => kept.includes(key))}>
      <summary>Also judge by a metric</summary>
      {elsewhere.length > 0 && (
        <fieldset>
          <legend>As other files of this service declare</legend>
          {elsewhere.map(({ key, title, counts, from }) => (
            <label key={key} className="tick-line">
              <input type="checkbox" name="kept" value={key} defaultChecked={kept.includes(key)} />
              <span>
                {title}{' '}
                <span className="why">
                  as the file of {from} says: {tight(counts)}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className="counts">
        <legend>Two counts of Cloud Monitoring, of the whole service</legend>
        {input('metricName', 'Name of the guard', { hint: 'declined payments' })}
        <Labelled title="Project of Google Cloud" wrong={message('metricProject')}>
          <select
            className="input"
            name="metricProject"
            defaultValue={written.metricProject}
            {...marks('metricProject')}
          >
            {projects.length !== 1 && <option value="">choose one</option>}
            {projects.map((project) => (
              <option key={project} value={project}>
                {project}
              </option>
            ))}
          </select>
        </Labelled>
        {input('metricTotal', 'Filter of all requests', { mono: true, hint: 'metric.type="…" resource.type="…"' })}
        {input('metricBad', 'Filter of the bad ones', { mono: true, hint: 'the same, and what makes them bad' })}
        {input('metricUnder', 'Harm from this share of bad ones on, %', { hint: '2' })}
      </fieldset>
      {noImpact !== null ? (
        <p className="why">{noImpact}</p>
      ) : (
        <fieldset className="counts">
          <legend>Two counters that SDKs send to Unleash, of those who have it alone</legend>
          {input('impactName', 'Name of the guard', { hint: 'failed answers' })}
          {input('impactUnder', 'Harm from this share of bad ones on, %', { hint: '2' })}
          {input('impactTotal', 'Counter of all requests', { hint: 'shop_answers' })}
          {input('impactBad', 'Counter of the bad ones', { hint: 'shop_failed_answers' })}
        </fieldset>
      )}
      <p className="why">
        Whether a count can be read is seen only once it is asked for: until then, and whenever it cannot, the rollout
        is held, never passed.
      </p>
    </details>
  );
}

function Labelled({
  title,
  wrong,
  wide = false,
  children,
}: {
  title: string;
  wrong: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={wide ? 'field whole' : 'field'}>
      <span>{title}</span>
      {children}
      {wrong}
    </label>
  );
}
