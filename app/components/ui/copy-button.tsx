import { useState, useSyncExternalStore } from 'react';

const nothing = () => () => {};

/** Copies text byte for byte, or what `text` gives when it is pressed. Absent until JavaScript runs, since it could do nothing. */
export function CopyButton({ text, label = 'Copy' }: { text: string | (() => string); label?: string }) {
  const alive = useSyncExternalStore(
    nothing,
    () => 'clipboard' in navigator,
    () => false,
  );
  const [said, setSaid] = useState<string | null>(null);
  if (!alive) return null;
  const copy = () => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setSaid('Copied'),
      () => setSaid('Copy by hand'),
    );
    setTimeout(() => setSaid(null), 2_000);
  };
  return (
    <button type="button" className="btn quiet small" onClick={copy}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}
