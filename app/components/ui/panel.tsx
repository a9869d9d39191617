import { type ReactNode, useId } from 'react';

/** A titled surface. `aside` stands at the right of the head, `stale` draws the amber edge. */
export function Panel({
  title,
  aside,
  stale,
  id,
  children,
}: {
  title: ReactNode;
  aside?: ReactNode;
  stale?: boolean;
  id?: string;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className={stale ? 'panel stale' : 'panel'} aria-labelledby={heading} id={id}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        <span className="spring" />
        {aside}
      </header>
      {children}
    </section>
  );
}
