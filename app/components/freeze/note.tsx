import { covers, type Freeze, stretchAt } from '../../domain/freeze/freeze.ts';
import { freezeWords } from '../../domain/freeze/words.ts';
import { paths } from '../../paths.ts';

/** Freezes that stand, and what a page is about. `now` in ms. */
export interface FrozenHere {
  freezes: readonly Freeze[];
  subject: { service: string | null; environment: string };
  now: number;
}

/** Says on a page that changes forward of what it shows are frozen now; nothing where they are not. */
export function FreezeNote({ freezes, subject, now }: FrozenHere) {
  const bites = freezes.flatMap((freeze) => {
    const here = covers(freeze, subject) ? stretchAt(freeze, now) : null;
    return here ? [{ ...freeze, until: here.until }] : [];
  });
  return bites.map((freeze) => (
    <p key={freeze.id} className="panel panel-note" role="status">
      In {subject.environment}, {freezeWords(freeze)} Stops and undos pass.{' '}
      <a className="link" href={`${paths.freezes()}#${freeze.id}`}>
        See the freeze
      </a>
    </p>
  ));
}
