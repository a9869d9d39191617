import { alertsApply } from './alerts-apply.ts';
import { alertsPlan } from './alerts-plan.ts';
import { changeRecord } from './change-record.ts';
import { check } from './check.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { doctor } from './doctor.ts';
import { exportOffline } from './export-offline.ts';
import { flagExplain } from './flag-explain.ts';
import { flagsApply } from './flags-apply.ts';
import { flagsPlan } from './flags-plan.ts';
import { keyCreate } from './key-create.ts';
import { kill } from './kill.ts';
import { personCreate, personDisable, personPassword } from './person.ts';
import { runbookCheck } from './runbook-check.ts';
import { runbookRender } from './runbook-render.ts';
import { sloEval } from './slo-eval.ts';
import { sloExport } from './slo-export.ts';
import { sloImport } from './slo-import.ts';
import { sloLint } from './slo-lint.ts';

const commands: readonly Command[] = [
  check,
  doctor,
  changeRecord,
  flagExplain,
  flagsPlan,
  flagsApply,
  kill,
  exportOffline,
  keyCreate,
  personCreate,
  personPassword,
  personDisable,
  runbookRender,
  runbookCheck,
  sloEval,
  sloLint,
  sloImport,
  sloExport,
  alertsPlan,
  alertsApply,
];

/** Runs the command that `args` name and answers with the exit code: 0 done, 1 found something wrong, 2 misused. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word));
  const asksHelp = args.includes('--help') || args.includes('-h') || args[0] === 'help';
  if (!command) {
    // `slo --help` explains its commands together; a bare `slo` is a command half typed.
    const word = args[0] === 'help' ? args[1] : args[0];
    const group = commands.filter(({ name }) => name.startsWith(`${word} `));
    const bare = args.length === 0 || asksHelp;
    if (!bare) terminal.err(`There is no command "${args.join(' ')}".\n`);
    (bare ? terminal.out : terminal.err)(group.length > 0 ? overview(group, bare) : overview(commands));
    return bare ? 0 : 2;
  }
  if (asksHelp) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(args.slice(command.name.split(' ').length), terminal);
  } catch (error) {
    if (!isMisuse(error)) throw error;
    terminal.err(`${error.message}\n\n${command.help}`);
    return 2;
  }
}

const examples = `Examples:

  firebreak check
  firebreak slo eval --slo shop.yaml --samples shop.om --from 2026-11-22T00:00:00Z --until 2026-11-22T06:00:00Z --json
  firebreak slo lint alerts/*.yaml
  firebreak slo --help`;

/** The list of some commands, with what each says of itself where that is asked for. */
function overview(some: readonly Command[], explained = false): string {
  const width = Math.max(...some.map(({ name }) => name.length));
  const list = some.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  const more = explained
    ? some.map(({ help }) => help).join('\n\n')
    : `${some === commands ? `${examples}\n\n` : ''}firebreak <command> --help says more.`;
  return `firebreak <command> [options]\n\n${list}\n\n${more}\n\nExit code: 0 done, 1 something wrong was found, 2 wrong arguments.`;
}

function isMisuse(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
}
