import { covers, type Freeze, stretchAt } from '../../domain/freeze/freeze.ts';
import { freezeWords } from '../../domain/freeze/words.ts';
import { paths } from '../../paths.ts';

/** Says on a page that changes forward of what it shows are frozen now; nothing where they are not. */
export function FreezeNote({
  freezes,
  subject,
  now,
}: {
  freezes: readonly Freeze[];
  subject: { service: string | null; environment: string };
  now: number;
}) {
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
