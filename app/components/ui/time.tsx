import { useNow, useTicking, useZone } from './clock.tsx';
import { clockText, dayText, utcText } from './clock-text.ts';
import { countdown, duration } from './duration.ts';

/** A moment: HH:MM in the viewer's zone (with the day when it is not today's), UTC on hover. `ms` since the epoch. */
export function Time({ at, day = 'auto' }: { at: number; day?: 'auto' | 'never' | 'always' }) {
  const zone = useZone();
  const now = useNow();
  const date = dayText(at, zone);
  const withDay = day === 'always' || (day === 'auto' && date !== dayText(now, zone));
  return (
    <time dateTime={new Date(at).toISOString()} title={utcText(at)}>
      {withDay ? `${date} ${clockText(at, zone)}` : clockText(at, zone)}
    </time>
  );
}

/** A day in the viewer's zone: "Thu 12 Nov", the moment in UTC on hover. */
export function Day({ at }: { at: number }) {
  const zone = useZone();
  return (
    <time dateTime={new Date(at).toISOString()} title={utcText(at)}>
      {dayText(at, zone)}
    </time>
  );
}

/** How long ago, ticking: "42 min ago". */
export function Age({ at }: { at: number }) {
  const text = useTicking((now) => `${duration(now - at)} ago`);
  return <span className="whitespace-nowrap">{text}</span>;
}

/** How long something lasts already, ticking, without "ago". */
export function Elapsed({ since }: { since: number }) {
  return <>{useTicking((now) => duration(now - since))}</>;
}

/** Time left until `to`, ticking: "in 4 min 12 s"; `over` once it has passed. */
export function Countdown({ to, over }: { to: number; over: string }) {
  return <>{useTicking((now) => (now < to ? `in ${countdown(to - now)}` : over))}</>;
}
