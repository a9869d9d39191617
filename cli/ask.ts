import { createInterface } from 'node:readline';

/** Asks on stderr, so that the output can be kept apart, and reads one line; null at the end of the input. */
export function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(null));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
