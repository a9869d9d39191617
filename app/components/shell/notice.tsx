import type { Frame } from './frame.ts';

/** What one has to know of this console as a whole: that it only observes, or that its world is simulated and how fast time runs there. */
export function Notice({ frame }: { frame: Pick<Frame, 'mode' | 'simulated' | 'speed'> }) {
  if (frame.mode !== 'act') {
    return (
      <p className="notice">
        Firebreak only observes here: it reads, pages nobody and changes nothing. FIREBREAK_MODE=act lets it act.
      </p>
    );
  }
  if (!frame.simulated) return null;
  return (
    <p className="notice">
      Simulated: the services and their traffic are made up; flags, engine and arithmetic are real.
      {frame.speed !== 1 && <b className="font-[550] text-ink">{speedWords(frame.speed)}</b>}
    </p>
  );
}

/** How fast the clock of all data runs, against the one on the wall. */
function speedWords(speed: number): string {
  if (speed === 0) return 'Time stands still.';
  const times = Number(speed.toFixed(speed < 10 ? 1 : 0));
  return speed > 1 ? `Time runs ${times} times as fast.` : `Time runs at ${times} of its speed.`;
}
