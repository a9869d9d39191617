import type { Plan } from '../../domain/run/run.ts';

const looks = { '-': 'minus', '+': 'plus', ' ': 'same' } as const;
const spoken = { '-': 'now: ', '+': 'after: ', ' ': '' } as const;

/** What changes, line by line; the sign says the same as the colour. */
export function Diff({ lines }: { lines: Plan['diff'] }) {
  return (
    <div className="diff">
      {lines.map((line) => (
        <div key={`${line.sign}${line.text}`} className={looks[line.sign]}>
          <span aria-hidden="true">{line.sign === '-' ? '−' : line.sign} </span>
          <span className="sr-only">{spoken[line.sign]}</span>
          {line.text}
        </div>
      ))}
    </div>
  );
}
