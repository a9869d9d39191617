import type { LoggingRead, LogLine } from '../clients/cloud-logging/port.ts';
import { shellWord } from '../domain/run/commands/shell-word.ts';
import { countText, durationText } from '../domain/slo/figures.ts';
import type { Action, ActionContext } from './action.ts';
import { answerTo, rangeOf, readAction } from './read-parts.ts';
import { requireService } from './traffic-read.server.ts';

/** Lines that are counted at most; more than that is said as "or more". */
const counted = 1_000;
const usualLines = 10;
/** Longest line that is kept, characters. */
const longest = 300;

/**
 * `logs.query`: counts a service's log lines in a stretch of time and keeps the newest, each cut and redacted. Outputs
 * `count` (at most 1,000) and `answer`: `yes` when there are over `over` lines.
 */
export function logsQuery(deps: { logging: LoggingRead; redact: (text: string) => string }): Action {
  return readAction('logs.query', {
    title: (context) => `Count log lines of ${requireService(context).id}`,
    command: (context) => {
      const { cloudRun } = requireService(context);
      const limit = Number(context.input.limit ?? usualLines);
      const freshness = String(context.input.since ?? '15m');
      return `gcloud logging read ${shellWord(filterOf(context))} --project ${shellWord(cloudRun.project)} --freshness ${freshness} --limit ${limit}`;
    },
    async read(context) {
      const { id, cloudRun } = requireService(context);
      const { from, ms } = rangeOf(context);
      const query = { project: cloudRun.project, filter: filterOf(context), from, to: context.now(), limit: counted };
      const lines = await deps.logging.list({ ...query, signal: context.signal });
      const kept = lines.slice(0, Number(context.input.limit ?? usualLines));
      const answer = answerTo(lines.length, context.input);
      const some = lines.length >= counted ? `${countText(counted)} or more` : countText(lines.length);
      return {
        evidence: {
          counted: `${some} lines of ${id} in ${durationText(ms)}`,
          ...(kept.length > 0 ? { newest: kept.map((line) => lineText(line, deps.redact)) } : {}),
          ...(answer ? { answer } : {}),
        },
        outputs: { count: lines.length, ...(answer ? { answer } : {}) },
      };
    },
  });
}

function filterOf(context: ActionContext): string {
  const { cloudRun } = requireService(context);
  const { severity = 'ERROR', filter } = context.input;
  const parts = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${cloudRun.service}"`,
    `severity>=${severity}`,
    ...(typeof filter === 'string' ? [`(${filter})`] : []),
  ];
  return parts.join(' ');
}

/** Redacted before it is cut: half a secret would not be known as one. */
function lineText({ at, severity, request, message }: LogLine, redact: (text: string) => string): string {
  const asked = request ? `${request.method} ${request.path} ${request.status} ` : '';
  const said = redact(`${asked}${message}`).split('\n')[0];
  const text = `${new Date(at).toISOString().slice(11, 19)} UTC ${severity} ${said}`;
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
