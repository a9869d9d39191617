import { Time } from '../ui/time.tsx';

/** A line that a step said while it ran. */
export interface SaidLine {
  step: string;
  attempt: number;
  at: number;
  text: string;
}

const shown = 8;

/** What a step says while it runs, newest last; the older lines stay behind a fold. */
export function StepLines({ lines, running }: { lines: SaidLine[]; running: boolean }) {
  if (lines.length === 0) return null;
  const [older, newest] = [lines.slice(0, -shown), lines.slice(-shown)];
  return (
    <section aria-label="What it said while it ran" className="grid gap-1 text-[13px]">
      {older.length > 0 && (
        <details className="fold">
          <summary>{older.length} earlier lines</summary>
          <Rows lines={older} />
        </details>
      )}
      <div aria-live={running ? 'polite' : 'off'}>
        <Rows lines={newest} />
      </div>
    </section>
  );
}

function Rows({ lines }: { lines: SaidLine[] }) {
  return (
    <ol className="grid gap-0.5">
      {lines.map((line) => (
        <li key={`${line.at} ${line.text}`} className="flex gap-2">
          <span className="text-faint">
            <Time at={line.at} />
          </span>
          <span className="mono min-w-0 whitespace-pre-wrap break-words">{line.text}</span>
        </li>
      ))}
    </ol>
  );
}
