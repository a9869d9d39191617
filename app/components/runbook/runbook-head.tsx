import { Chip } from '../ui/chip.tsx';
import type { RunbookText } from './runbook-text.ts';

/** Title, owner, service, review and file of a runbook. `serviceHref` is null where no console stands behind the page. */
export function RunbookHead({ text, serviceHref }: { text: RunbookText; serviceHref: string | null }) {
  return (
    <div className="head">
      <div>
        <h1 id={text.titleAnchor ?? undefined}>{text.title}</h1>
        <p className="meta">
          {text.owner && <span>owned by {text.owner}</span>}
          {text.service &&
            (serviceHref ? (
              <a className="link" href={serviceHref}>
                {text.service}
              </a>
            ) : (
              <span>{text.service}</span>
            ))}
          <span>{text.freshness.text}</span>
          <span className="mono">{text.file}</span>
        </p>
      </div>
      {text.freshness.state === 'overdue' && <Chip tone="warn">review overdue</Chip>}
    </div>
  );
}
