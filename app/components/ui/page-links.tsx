/** Links to the page before and the page after this one of a list. */
export function PageLinks({ before, after }: { before: string | null; after: string | null }) {
  if (!before && !after) return null;
  return (
    <nav className="acts" aria-label="Pages">
      {before && (
        <a className="btn quiet" href={before} rel="prev">
          ← Before
        </a>
      )}
      {after && (
        <a className="btn quiet" href={after} rel="next">
          Next →
        </a>
      )}
    </nav>
  );
}
