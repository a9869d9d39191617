import type { ReactNode } from 'react';

/** What went wrong with a form, announced to screen readers. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <div className="problem" role="alert">
      {children}
    </div>
  );
}
