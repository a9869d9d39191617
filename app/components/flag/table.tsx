import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import type { FlagRow, FlagShare } from './row.ts';

/** Flags with who gets them in each environment, who owns them, what is safe and who evaluates them. */
export function FlagTable({ rows }: { rows: FlagRow[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Flag</th>
            <th>Who gets it</th>
            <th>Safe state</th>
            <th>Evaluated by</th>
            <th>Last change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} id={row.name}>
              <td>
                <b className="font-[550]">
                  <a href={paths.flag(row.name)}>{row.name}</a>
                </b>
                <span className="block text-dim">
                  {row.type}
                  {row.service && (
                    <>
                      {' · '}
                      <a className="!font-normal" href={paths.service(row.service)}>
                        {row.service}
                      </a>
                    </>
                  )}
                </span>
                <span className="block text-dim">
                  {row.owners.length > 0 ? `owned by ${row.owners.join(', ')}` : 'no owner is declared'}
                </span>
                {row.stale.length > 0 && (
                  <Chip tone="warn" title={row.stale.join(' ')}>
                    to be cleaned up
                  </Chip>
                )}
                {row.drift.length > 0 && (
                  <a href={`${paths.flag(row.name)}#drift`}>
                    {' '}
                    <Chip tone="warn" title={row.drift.join(' ')}>
                      differs from its file
                    </Chip>
                  </a>
                )}
              </td>
              <td data-label="Who gets it">
                {row.environments.length === 0 && (
                  <span className="text-faint">{row.missing ? 'not in Unleash' : 'not read yet'}</span>
                )}
                {row.environments.map((each) => (
                  <Share key={each.name} share={each} />
                ))}
              </td>
              <td className="half" data-label="Safe state">
                {row.safe ?? <span className="text-faint">not declared</span>}
                {row.killed && (
                  <a href={paths.followUps()}>
                    {' '}
                    <Chip tone="warn">killed</Chip>
                  </a>
                )}
              </td>
              <td data-label="Evaluated by" className="half text-dim">
                {row.applications === null ? 'not read yet' : row.applications.length === 0 && 'nobody'}
                {row.applications?.map((name) => (
                  <span key={name} className="one-line">
                    {name}
                  </span>
                ))}
              </td>
              <td data-label="Last change" className="text-dim">
                {row.lastChange ? (
                  <span>
                    {tight(row.lastChange.title)} <Time at={row.lastChange.at} />
                    {row.lastChange.actor && `, ${row.lastChange.actor}`}
                  </span>
                ) : (
                  'none seen'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One environment: the effective exposure as a number, and whose it is. */
function Share({ share }: { share: FlagShare }) {
  return (
    <span className="exposure">
      <span className="text-dim">{share.name}</span>
      <span>
        <b className="font-[550]">{tight(share.number)}</b> {share.words && `${tight(share.words)} `}
        {share.dependsOnWhoAsks && <span className="text-dim">· depends on who asks </span>}
        {share.safe && <Chip tone="ok">safe</Chip>}
      </span>
    </span>
  );
}
