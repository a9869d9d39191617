/** Links to older entries and back to the newest. */
export function Pager({ older, newest }: { older: string | null; newest: string | null }) {
  if (!older && !newest) return null;
  return (
    <nav className="acts" aria-label="Pages">
      {newest && (
        <a className="btn quiet" href={newest}>
          ← Newest
        </a>
      )}
      {older && (
        <a className="btn quiet" href={older} rel="next">
          Older →
        </a>
      )}
    </nav>
  );
}
