import { paths } from '../../paths.ts';
import { useTicking } from '../ui/clock.tsx';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import type { ShownSilence } from './row.tsx';

/** Calmly, what does not page now, with who said so, until when and why. Nothing where nothing is silenced. */
export function SilenceBanner({ silences, title }: { silences: ShownSilence[]; title: string }) {
  const over = useTicking((now) => silences.filter(({ silence }) => now >= silence.until).length);
  // Those that end first stand first: an open page lets go of them by itself.
  const standing = silences.slice(over);
  if (standing.length === 0) return null;
  return (
    <Panel
      title={title}
      aside={
        <a className="age hover:underline" href={paths.silences()}>
          all →
        </a>
      }
    >
      {standing.map(({ silence, what, count }) => (
        <a key={silence.id} className="row plain" href={paths.silence(silence.id)}>
          <span className="min-w-0">
            <span className="row-title">
              {what}, until <Time at={silence.until} />
            </span>
            <span className="row-detail block">
              {silence.reason} · by {silence.by} · {count} SLO{count === 1 ? '' : 's'}: alerts and incidents go on, no
              page or ticket leaves
            </span>
          </span>
        </a>
      ))}
    </Panel>
  );
}
