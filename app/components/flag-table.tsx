import { paths } from '../paths.ts';
import type { FlagRow, FlagShare } from './flag-row.ts';
import { Chip } from './ui/chip.tsx';
import { tight } from './ui/tight.ts';
import { Time } from './ui/time.tsx';

/** Flags with who gets them in each environment, who owns them and what is safe. */
export function FlagTable({ rows }: { rows: FlagRow[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Flag</th>
            <th>Who gets it</th>
            <th>Safe state</th>
            <th>Owner</th>
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
                  {row.type} ·{' '}
                  <a className="!font-normal" href={paths.service(row.service)}>
                    {row.service}
                  </a>
                </span>
              </td>
              <td data-label="Who gets it">
                {row.environments.length === 0 && <span className="text-faint">not in Unleash, or not read yet</span>}
                <span className="block">
                  {row.environments.map((each) => (
                    <span key={each.name} className="exposure">
                      <span className="text-dim">{each.name}</span>
                      <span>
                        {tight(each.text)} {each.share && <Share share={each.share} />}{' '}
                        {each.safe && <Chip tone="ok">safe</Chip>}
                      </span>
                    </span>
                  ))}
                </span>
              </td>
              <td className="half" data-label="Safe state">
                {row.safe}
                {row.leftBehind && (
                  <a href={paths.followUps()}>
                    {' '}
                    <Chip tone="warn">left behind</Chip>
                  </a>
                )}
              </td>
              <td data-label="Owner" className="half text-dim">
                {row.owners.join(', ')}
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

/** The effective exposure, where it takes counting. */
function Share({ share }: { share: FlagShare }) {
  return (
    <span>
      <span className="text-dim">· in all</span> {tight(share.number)}
      {share.dependsOnWhoAsks && <span className="text-dim">, depending on who asks</span>}
    </span>
  );
}
