/** What a command may touch: its environment and its two outputs. Tests pass their own. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  out(line: string): void;
  err(line: string): void;
  /** Asks whoever sits there; null when they end the input. Absent where nobody can be asked. */
  ask?(question: string): Promise<string | null>;
}

/** One command of the CLI, one file each. `run` answers with the exit code: 0 done, 1 found something wrong, 2 misused. */
export interface Command {
  /** Words that select it: `change record`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  run(args: string[], terminal: Terminal): Promise<number>;
}

/** Text of an error that a person made while typing: printed with the command's help. */
export class UsageError extends Error {}
