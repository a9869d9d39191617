import { useLocation } from '@remix-run/react';
import { paths } from '../../paths.ts';
import { useLiveState } from '../live-state.ts';

/** Says in the top bar that this page is not kept current for now. */
export function LiveMark() {
  const paused = useLiveState() === 'paused';
  return <span role="status">{paused && <span className="dot late paused">live updates paused</span>}</span>;
}

/** Says that the sign-in no longer counts, with the way to sign in and back: nothing that is typed here gets lost. */
export function SignedOut() {
  const state = useLiveState();
  const { pathname, search, hash } = useLocation();
  return (
    <div role="status">
      {state === 'signed-out' && (
        <p className="notice warn">
          You are signed out, so this page is not kept current any more.
          <a className="link" href={paths.signIn(`${pathname}${search}${hash}`)}>
            Sign in and come back
          </a>
        </p>
      )}
    </div>
  );
}
