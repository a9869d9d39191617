import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { systemClock } from '#app/platform/clock.ts';
import { type Db, openDb } from '#app/platform/db.server.ts';
import { ensurePerson, personRoles, setDisabled, setPassword } from '#app/platform/people.server.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { type Command, type Terminal, UsageError } from './command.ts';

const database = `DATABASE_URL is the console's database. Each of these leaves a line in the audit.`;

/** `firebreak person create`: somebody who may sign in; their password is printed once. */
export const personCreate: Command = {
  name: 'person create',
  summary: 'Let somebody sign in and print their password once',
  help: `firebreak person create --email EMAIL --name NAME --role ROLE [--team TEAM]…

Makes an account with a random password and prints the password once. They change it under their name, at "Password".

  --email  what they sign in with
  --name   what others read
  --role   ${personRoles.join(' | ')}
  --team   a team whose flags are theirs

${database}`,
  async run(args, terminal) {
    const { values } = parseArgs({
      args,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string' },
        team: { type: 'string', multiple: true, default: [] },
      },
    });
    const email = emailOf(values.email);
    const { name, team: teams } = values;
    const role = personRoles.find((each) => each === values.role);
    if (!name) throw new UsageError('--name is missing.');
    if (!role) throw new UsageError(`--role is one of ${personRoles.join(', ')}.`);
    if (teams.some((team) => team.includes(','))) throw new UsageError('--team is given once for each team.');
    const password = newPassword();
    return write(terminal, { action: 'person.create', email, after: { name, role, teams } }, async (tx) => {
      if (!(await ensurePerson(tx, { email, name, role, teams, password }))) return no(`${email} exists already.`);
      return { done: password };
    });
  },
};

/** `firebreak person password`: a new password for somebody, printed once; their sessions end. */
export const personPassword: Command = {
  name: 'person password',
  summary: 'Give somebody a new password, print it once and end their sessions',
  help: `firebreak person password --email EMAIL

Replaces the password by a random one, prints it once and ends every session of that person.

${database}`,
  async run(args, terminal) {
    const email = emailOf(parseArgs({ args, options: { email: { type: 'string' } } }).values.email);
    const password = newPassword();
    return write(terminal, { action: 'person.password', email, after: null }, async (tx) => {
      if (!(await setPassword(tx, email, password))) return nobody(email);
      return { done: password };
    });
  },
};

/** `firebreak person disable`: who may no longer sign in, at once; `--undo` lets them in again. */
export const personDisable: Command = {
  name: 'person disable',
  summary: 'Keep somebody out at once, or let them in again with --undo',
  help: `firebreak person disable --email EMAIL [--undo]

Ends every session of that person and refuses their sign-in until --undo.

${database}`,
  async run(args, terminal) {
    const { values } = parseArgs({
      args,
      options: { email: { type: 'string' }, undo: { type: 'boolean', default: false } },
    });
    const email = emailOf(values.email);
    const disabled = !values.undo;
    return write(terminal, { action: 'person.disable', email, after: { disabled } }, async (tx) => {
      if (!(await setDisabled(tx, email, disabled))) return nobody(email);
      return { done: disabled ? `${email} is signed out and kept out.` : `${email} may sign in again.` };
    });
  },
};

/** What a change came to, in words for the terminal. */
type Outcome = { done: string } | { refused: string };

/** Runs one change with its audit line in one transaction and says what came of it once that is committed. */
async function write(
  terminal: Terminal,
  line: { action: string; email: string; after: unknown },
  work: (tx: Db) => Promise<Outcome>,
): Promise<number> {
  const url = terminal.env.DATABASE_URL;
  if (!url) throw new UsageError('DATABASE_URL is not set.');
  const handle = openDb(url, { max: 1, onError: (error) => terminal.err(error.message) });
  try {
    const outcome = await handle.db.transaction().execute(async (tx) => {
      const found = await work(tx);
      if ('done' in found) {
        await appendAudit(tx, {
          at: systemClock.wall(),
          actor: 'command line',
          action: line.action,
          target: `person/${line.email}`,
          runId: null,
          stepId: null,
          reason: null,
          before: null,
          after: line.after,
          address: null,
        });
      }
      return found;
    });
    if ('refused' in outcome) terminal.err(outcome.refused);
    else terminal.out(outcome.done);
    return 'refused' in outcome ? 1 : 0;
  } finally {
    await handle.close();
  }
}

function emailOf(given: string | undefined): string {
  if (!given) throw new UsageError('--email is missing.');
  if (!/^[^\s@]+@[^\s@]+$/.test(given)) throw new UsageError('--email is no email address.');
  return given.toLowerCase();
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

function nobody(email: string): Outcome {
  return no(`Nobody signs in as ${email}.`);
}

function no(refused: string): Outcome {
  return { refused };
}
