import type { ReactNode } from 'react';
import { RefreshSoon } from './refresh-soon.tsx';
import { Empty } from './ui/empty.tsx';

/** An empty list of what files declare: how to declare one, or, while no catalog has been read yet, that it is on its way. */
export function NothingDeclared({ read, title, children }: { read: boolean; title: string; children: ReactNode }) {
  if (read) return <Empty title={title}>{children}</Empty>;
  return (
    <Empty title="The catalog is being read">
      It stands here as soon as the engine has read the files.
      <RefreshSoon />
    </Empty>
  );
}
