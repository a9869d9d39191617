import { paths } from '../paths.ts';
import type { AuditRow } from './audit-row.ts';
import { Time } from './ui/time.tsx';

/** Audit lines as a table, as cards on a phone; before, after and the chain's hashes behind a fold. */
export function AuditTable({ entries }: { entries: AuditRow[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>#</th>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
            <th>On</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq} id={`entry-${entry.seq}`}>
              <td className="half text-faint">
                <span className="phone-only">entry </span>
                <a className="!font-normal" href={paths.auditEntry(entry.seq)}>
                  {entry.seq}
                </a>
              </td>
              <td className="half end" data-label="When">
                <Time at={entry.at} day="always" />
              </td>
              <td className="half" data-label="Who">
                {entry.actor}
                {entry.address && <span className="block text-[12px] text-faint">{entry.address}</span>}
              </td>
              <td className="half" data-label="What">
                {entry.runId ? <a href={paths.run(entry.runId)}>{entry.action}</a> : entry.action}
              </td>
              <td data-label="On" className="mono">
                {entry.target}
              </td>
              <td data-label={entry.reason ? 'Why' : undefined}>
                {entry.reason}
                <details className="fold">
                  <summary>Details</summary>
                  <pre className="max-w-[60ch] overflow-x-auto whitespace-pre-wrap">{entry.details}</pre>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
