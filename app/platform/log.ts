import pino from 'pino';
import type { Redactor } from './redact.ts';

/** Structured JSON logs in Cloud Logging's shape (`severity`, `message`, `time`); every line passes the redactor. */
export type Log = pino.Logger;

const severity: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** A logger to stdout (or `destination`) at `level`. */
export function createLog(
  level: string,
  redactor: Redactor,
  destination: { write(line: string): void } = process.stdout,
): Log {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ severity: severity[label] ?? 'DEFAULT' }) },
    },
    { write: (line: string) => void destination.write(redactor.text(line)) },
  );
}
