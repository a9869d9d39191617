import { Form, useLocation, useMatches } from '@remix-run/react';
import { paths } from '../../paths.ts';
import { useTicking, useZone } from '../ui/clock.tsx';
import { clockText, zoneText } from '../ui/clock-text.ts';
import { duration } from '../ui/duration.ts';
import { Time } from '../ui/time.tsx';
import { Find } from './find.tsx';
import type { Frame } from './frame.ts';
import { FootLinks, NavLinks } from './links.tsx';
import { LiveMark } from './live-mark.tsx';

/** Search, how far the data reaches, the clock, who is signed in; on a phone the brand and the menu. */
export function TopBar({ frame }: { frame: Frame }) {
  // A menu closes when its link has led somewhere.
  const { key } = useLocation();
  return (
    <div className="top">
      <span className="phone-brand brand">
        <span>
          Firebreak <small>{frame.environment}</small>
        </span>
      </span>
      <Find />
      <span className="desk flex-1" />
      <LiveMark />
      <DataTo />
      <ZoneClock />
      <details key={`desk ${key}`} className="menu desk relative">
        <summary className="nav-link !py-1">
          {frame.actor.name.split(' ')[0]} · {frame.actor.role} ▾
        </summary>
        <div className="menu-sheet">
          <PersonMenu frame={frame} />
        </div>
      </details>
      <details key={`phone ${key}`} className="menu phone-menu">
        <summary className="btn quiet" aria-label="Menu">
          ☰
        </summary>
        <div className="menu-sheet">
          <NavLinks frame={frame} />
          <FootLinks />
          <a className="nav-link" href={paths.search()}>
            Search
          </a>
          <hr className="border-line" />
          <PersonMenu frame={frame} />
        </div>
      </details>
    </div>
  );
}

function DataTo() {
  const dataTo = useMatches().reduce<number | null>((found, match) => {
    const value = (match.data as { dataTo?: number | null } | undefined)?.dataTo;
    return typeof value === 'number' ? value : found;
  }, null);
  return dataTo === null ? null : <Behind dataTo={dataTo} />;
}

/** How far the data reaches; where there is room for one figure, its age, which is what tells whether to trust the page. */
function Behind({ dataTo }: { dataTo: number }) {
  const behind = useTicking((now) => duration(now - dataTo));
  const zone = useZoneName();
  const late = useTicking((now) => now - dataTo > 8 * 60_000);
  return (
    <span className={late ? 'dot late' : 'dot'}>
      <span className="phone-only">
        {late ? 'late: ' : 'data '}
        {behind} old · {zone}
      </span>
      <span className="desk">
        data to <Time at={dataTo} /> · {behind} behind{late && ', late'}
      </span>
    </span>
  );
}

function useZoneName(): string {
  const zone = useZone();
  return useTicking((now) => zoneText(now, zone));
}

function ZoneClock() {
  const zone = useZone();
  return (
    <span className="desk whitespace-nowrap">
      {useTicking((now) => `${clockText(now, zone)} ${zoneText(now, zone)}`)}
    </span>
  );
}

function PersonMenu({ frame }: { frame: Frame }) {
  return (
    <>
      <p className="px-2.5 py-1 text-[13px] text-dim">
        {frame.actor.name} · {frame.actor.role}
        <span className="block text-faint">{frame.actor.email}</span>
      </p>
      <Form method="post" action={paths.theme()} className="flex gap-1 px-2">
        {(['dark', 'light', 'system'] as const).map((theme) => (
          <button
            key={theme}
            type="submit"
            name="theme"
            value={theme}
            className="btn quiet small flex-1"
            aria-pressed={(frame.theme ?? 'system') === theme}
          >
            {theme}
            {(frame.theme ?? 'system') === theme && ' ✓'}
          </button>
        ))}
      </Form>
      <KeysButton />
      <a className="nav-link" href={paths.password()}>
        Password
      </a>
      <Form method="post" action={paths.signOut()} reloadDocument className="px-2 pt-1">
        <button type="submit" className="btn quiet small w-full">
          Sign out
        </button>
      </Form>
    </>
  );
}

/** Asks for the list of keys by mouse; on a phone there are none. */
function KeysButton() {
  return (
    <div className="keyboard-only px-2 pt-1">
      <button
        type="button"
        className="btn quiet small w-full"
        onClick={() => document.dispatchEvent(new Event('firebreak-keys'))}
      >
        Keyboard <kbd>?</kbd>
      </button>
    </div>
  );
}
