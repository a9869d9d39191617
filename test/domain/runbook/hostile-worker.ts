import { parentPort } from 'node:worker_threads';
import { readRehearsal } from '#app/domain/rehearsal/read-rehearsal.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf } from './html.ts';

// Reads hostile texts, away from those who wait for them: what never ends is ended by them.
const before = Object.getOwnPropertyNames(Object.prototype).length;

function told(kind: 'runbook' | 'rehearsal', text: string) {
  const said = (problems: readonly { message: string }[]) => problems.map(({ message }) => message);
  if (kind === 'rehearsal')
    return { problems: said(readRehearsal(text, 'v.rehearsal.yaml', '').problems), steps: 0, html: '' };
  const runbook = parseRunbook(text, 'v.md', { known: new Set() });
  return { problems: said(runbook.problems), steps: runbook.steps.length, html: htmlOf(runbook) };
}

parentPort!.on('message', ({ kind, text }: { kind: 'runbook' | 'rehearsal'; text: string }) => {
  try {
    const answer = told(kind, text);
    const polluted = Object.getOwnPropertyNames(Object.prototype).length - before + Number('polluted' in {});
    parentPort!.postMessage({ ...answer, polluted });
  } catch (error) {
    parentPort!.postMessage({ thrown: String(error) });
  }
});
