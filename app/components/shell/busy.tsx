import { useNavigation } from '@remix-run/react';

/** A line at the top while the next page or the answer to a form is on its way. */
export function Busy() {
  const busy = useNavigation().state !== 'idle';
  return (
    <div className="busy" data-busy={busy || undefined} role="status">
      {busy && <span className="sr-only">Loading</span>}
    </div>
  );
}
