import type { Catalog } from '../../../domain/catalog.ts';
import { safeWords } from '../../../domain/flag/safe-words.ts';
import type { Runbook } from '../../../domain/runbook/runbook.ts';
import { Panel } from '../../ui/panel.tsx';
import type { Credential } from './credentials.ts';

/** The list of everything that was written, and what has to be at hand to follow it. */
export function OfflineIndex({
  catalog,
  runbooks,
  credentials,
}: {
  catalog: Pick<Catalog, 'organisation' | 'services' | 'flags' | 'digest'>;
  runbooks: readonly { runbook: Runbook; href: string }[];
  credentials: readonly Credential[];
}) {
  return (
    <div className="col">
      <div className="head">
        <div>
          <h1>{catalog.organisation}: when Firebreak is down</h1>
          <p className="meta">
            <span>from catalog {catalog.digest.slice(0, 12)}</span>
          </p>
        </div>
      </div>
      <p>
        Find the service that hurts. Bring what changed last to its safe state first; understand it afterwards. Write
        down each command with its time: somebody will ask.
      </p>
      <Panel title="Services">
        {catalog.services.map((service) => (
          <Row
            key={service.id}
            href={`services/${encodeURIComponent(service.id)}.html`}
            title={service.title}
            detail={`owned by ${service.owner}${service.pagerDutyService ? '' : ', no PagerDuty service'}`}
          />
        ))}
      </Panel>
      <Panel title="Flags">
        {catalog.flags.map((flag) => (
          <Row
            key={flag.name}
            href={`flags/${encodeURIComponent(flag.name)}.html`}
            title={flag.title}
            detail={`${flag.name}, safe when ${safeWords(flag.safe)}, owned by ${flag.owners.join(', ')}`}
          />
        ))}
      </Panel>
      <Panel title="Runbooks">
        {runbooks.map(({ runbook, href }) => (
          <Row
            key={href}
            href={href}
            title={runbook.title}
            detail={[runbook.service, runbook.owner && `owned by ${runbook.owner}`].filter(Boolean).join(', ')}
          />
        ))}
      </Panel>
      <Panel title="Credentials that the commands need">
        <dl className="pairs panel-body">
          {credentials.map(({ name, what, where }) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd>
                {what} {where}
              </dd>
            </div>
          ))}
        </dl>
        <p className="panel-note">
          No page here holds a secret. Each value is set in the shell before a command is pasted.
        </p>
      </Panel>
    </div>
  );
}

function Row({ href, title, detail }: { href: string; title: string; detail: string }) {
  return (
    <a className="row plain" href={href}>
      <span>
        <span className="row-title block">{title}</span>
        <span className="row-detail">{detail}</span>
      </span>
    </a>
  );
}
