import type { AlertSpell, Difference } from '../../domain/alert/what-if.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { tierText } from '../tier.ts';
import { Chip } from '../ui/chip.tsx';
import { Time } from '../ui/time.tsx';

/** Every page of either setting, newest first: gained, lost, or in both. */
export function DifferenceTable({ difference }: { difference: Difference }) {
  const rows = [
    ...difference.kept.map(({ present, other }) => ({ present, other, at: present.from })),
    ...difference.gained.map((other) => ({ present: null, other, at: other.from })),
    ...difference.lost.map((present) => ({ present, other: null, at: present.from })),
  ].sort((a, b) => b.at - a.at);
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Page</th>
            <th>As it is</th>
            <th>With the change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ present, other, at }) => (
            <tr key={`${at}${present === null}`}>
              <td>
                {present === null ? (
                  <Chip tone="warn">gained</Chip>
                ) : other === null ? (
                  <Chip tone="info">lost</Chip>
                ) : (
                  <Chip>both</Chip>
                )}
              </td>
              <td className="half" data-label="As it is">
                <Spell spell={present} />
              </td>
              <td className="half" data-label="With the change">
                <Spell spell={other} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Spell({ spell }: { spell: AlertSpell | null }) {
  if (!spell) return <span className="text-faint">no page</span>;
  return (
    <>
      <Time at={spell.from} day="always" />
      <span className="block text-[12px] text-faint">
        {tierText(spell.tier)}, {spell.to === null ? 'goes on' : durationText(spell.to - spell.from)}
      </span>
    </>
  );
}
