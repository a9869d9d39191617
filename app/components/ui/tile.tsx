import type { ReactNode } from 'react';

/** One figure: its name, its value with unit, its bound. */
export function Tile({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="tile">
      <span className="tile-label">{label}</span>
      <b className="tile-value">{value}</b> {note && <span className="tile-note">{note}</span>}
    </div>
  );
}
