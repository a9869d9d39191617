import { type ReactNode, useRef, useState } from 'react';

const holdMs = 800;

/** A submit button that also may be held: holding it for 0.8 s ticks the form's box. Without JavaScript it submits as any other. */
export function HoldButton({ look, busy, children }: { look: string; busy: boolean; children: ReactNode }) {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = (button: HTMLButtonElement) => {
    setHolding(true);
    timer.current = setTimeout(() => {
      const box = button.form?.querySelector<HTMLInputElement>('input[type=checkbox][name=acknowledged]');
      if (box) box.checked = true;
    }, holdMs);
  };
  const end = () => {
    setHolding(false);
    clearTimeout(timer.current);
  };
  return (
    <>
      <button
        type="submit"
        className={`btn hold ${look}`}
        aria-busy={busy}
        data-holding={holding || undefined}
        onPointerDown={(event) => start(event.currentTarget)}
        onPointerUp={end}
        onPointerLeave={end}
      >
        {busy ? 'Sending…' : children}
      </button>
      <span className="why">Tick the box, or hold the button.</span>
    </>
  );
}
