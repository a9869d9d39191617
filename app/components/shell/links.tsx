import { NavLink } from '@remix-run/react';
import { paths } from '../../paths.ts';
import type { Frame } from './frame.ts';

const links = [
  { to: paths.overview(), text: 'Overview', key: 'o' },
  { to: paths.incidents(), text: 'Incidents', key: 'i' },
  { to: paths.services(), text: 'Services', key: 's' },
  { to: paths.slos(), text: 'SLOs', key: 'l' },
  { to: paths.flags(), text: 'Flags', key: 'f' },
  { to: paths.rollouts(), text: 'Rollouts', key: 't' },
  { to: paths.panics(), text: 'Panic', key: 'p' },
  { to: paths.runbooks(), text: 'Runbooks', key: 'b' },
  { to: paths.runs(), text: 'Runs', key: 'r' },
  { to: paths.approvals(), text: 'Approvals', key: 'v' },
  { to: paths.changeRequests(), text: 'Change requests', key: 'c' },
  { to: paths.followUps(), text: 'Follow-ups', key: 'u' },
  { to: paths.silences(), text: 'Silences', key: 'q' },
] as const;

/** Keys that follow `g`: where each leads, and what it is called. */
export const goKeys = new Map<string, { to: string; text: string }>([
  ...links.map(({ key, to, text }) => [key, { to, text }] as const),
  ['z', { to: paths.freezes(), text: 'Freezes' }],
  ['a', { to: paths.audit(), text: 'Audit' }],
]);

/** The main navigation with its counts. */
export function NavLinks({ frame }: { frame: Pick<Frame, 'incidents' | 'approvals' | 'followUps' | 'runs'> }) {
  return links.map(({ to, text }) => (
    <NavLink key={to} to={to} end={to === '/'} className="nav-link">
      {text}
      {to === paths.incidents() && frame.incidents > 0 && (
        <span className="nav-count">
          {frame.incidents}
          <span className="sr-only"> open</span>
        </span>
      )}
      {to === paths.runs() && frame.runs > 0 && (
        <span className="nav-count due">
          {frame.runs}
          <span className="sr-only"> in your hands</span>
        </span>
      )}
      {to === paths.approvals() && frame.approvals > 0 && (
        <span className="nav-count due">
          {frame.approvals}
          <span className="sr-only"> waiting for you</span>
        </span>
      )}
      {to === paths.followUps() && frame.followUps > 0 && (
        <span className="nav-count due">
          {frame.followUps}
          <span className="sr-only"> open</span>
        </span>
      )}
    </NavLink>
  ));
}

/** What stands apart at the foot of the navigation. */
export function FootLinks() {
  return (
    <NavLink to={paths.audit()} className="nav-link">
      Audit
    </NavLink>
  );
}
