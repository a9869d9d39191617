import { namedDependency } from '../../domain/incident/named-dependency.ts';
import { countText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import type { IncidentView } from './view.ts';

/** "Open runbook" and "Get help": what stands in the main place when nothing of ours explains the burn. */
export function HelpButtons({ view }: { view: IncidentView }) {
  const first = view.pagerDuty[0];
  const elsewhere = toBlame(view)?.runbook;
  const own = view.runbook ? '#runbook' : paths.runbooks();
  return (
    <>
      <a className="btn go" href={elsewhere ? paths.runbook(elsewhere.slug) : own}>
        Open runbook
      </a>
      <a className="btn" href={first ? first.url : '#on-call'} rel="noreferrer">
        Get help{first && ' ↗'}
      </a>
    </>
  );
}

/** What is known instead of a culprit: no strong suspect, and whom the error lines name. */
export function HelpPanel({ view }: { view: IncidentView }) {
  const named = toBlame(view);
  return (
    <section className="panel desk" aria-label="What to do">
      <div className="panel-body acts">
        <HelpButtons view={view} />
        <span className="why">
          No change of ours is a strong suspect, so none stands here.
          {named && (
            <>
              {' '}
              {countText(named.lines)} of {countText(named.of)} error lines name {named.title}
              {named.runbook ? <>; its runbook is “{named.runbook.title}”.</> : '.'}
            </>
          )}
        </span>
      </div>
    </section>
  );
}

function toBlame({ lines, dependencies }: IncidentView) {
  const named = namedDependency(lines.value, dependencies);
  const dependency = named && dependencies.find(({ id }) => id === named.id);
  return dependency ? { ...dependency, ...named } : null;
}
