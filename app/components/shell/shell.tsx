import type { ReactNode } from 'react';
import { Live } from '../live.tsx';
import { Presence } from '../presence.tsx';
import { Busy } from './busy.tsx';
import type { Frame } from './frame.ts';
import { Keys } from './keys.tsx';
import { FootLinks, NavLinks } from './links.tsx';
import { SignedOut } from './live-mark.tsx';
import { Notice } from './notice.tsx';
import { TopBar } from './top-bar.tsx';

/** The frame of every signed-in page: navigation, top bar, notices, and the page. */
export function Shell({ frame, children }: { frame: Frame; children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <div className="shell">
        <nav className="nav" aria-label="Main">
          <div className="brand">Firebreak</div>
          <NavLinks frame={frame} />
          <div className="flex-1" />
          <FootLinks />
          <small className="px-2.5 py-1 text-[12px] text-faint">
            {frame.environment} · {frame.organisation}
          </small>
        </nav>
        <div className="min-w-0">
          <TopBar frame={frame} />
          <Notice frame={frame} />
          <SignedOut />
          <main className="page" id="main" tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
      <Busy />
      <Live />
      <Presence />
      <Keys />
    </>
  );
}
