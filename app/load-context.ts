import type { Permission } from './domain/audit/permission.ts';
import type { Actor } from './domain/run/run.ts';
import type { UnsentForm } from './domain/unsent/unsent.ts';
import type { Clock } from './platform/clock.ts';
import type { Doors } from './platform/http/doors.ts';
import type { Log } from './platform/log.ts';
import type { Stores } from './stores/stores.ts';

/** What the deployment is, for words on pages and for what may be done. */
export interface Deployment {
  /** `act` changes the world, `shadow` and `observe` never do. */
  mode: 'observe' | 'shadow' | 'act';
  /** True in the demo: pages say that the world is simulated. */
  simulated: boolean;
  environment: string;
  organisation: string;
  /** Exactly the address printed, without a trailing slash. */
  baseUrl: string;
}

/** What every loader and action gets from the server: nothing else reaches the outside. */
export interface RequestContext {
  stores: Stores;
  clock: Clock;
  log: Log;
  deployment: Deployment;
  /** The signed-in person, null for a stranger. */
  actor: Actor | null;
  /** Sign-in, sign-out and one's own password; everything else reads `actor`. */
  auth: {
    signIn(input: { email: string; password: string; address: string | null; headers: Headers }): Promise<string[]>;
    signOut(headers: Headers): Promise<string[]>;
    changePassword(input: {
      current: string;
      next: string;
      email: string;
      address: string | null;
      headers: Headers;
    }): Promise<string[]>;
  };
  /** When the password (or second factor) was last shown, wall ms; acting asks for 10 minutes or less. */
  authenticatedAt: number | null;
  /** Throws a redirect to the sign-in (a stranger) or a 403 response; returns the actor. Every loader and action calls it, each by itself. */
  require(permission: Permission): Actor;
  /** What this person typed at a page before they had to sign in again. */
  unsent: {
    /** The form that waits at the page of this path; null where none does, or where somebody else typed it. */
    at(path: string): UnsentForm | null;
    /** Keeps a form for the page of this path, for `unsentFor` at most and in place of one kept before; nothing of a stranger's. */
    keep(path: string, form: Iterable<[string, unknown]>): void;
    /** Ends what waits at the page of this path, or at any. */
    forget(path?: string): void;
  };
  /** What routes stand behind that take no cookie. */
  doors: Doors;
  address: string | null;
  requestId: string;
  /** Aborted when the response closes. */
  signal: AbortSignal;
  nonce: string;
}
