import type { LoaderFunctionArgs } from '@remix-run/node';
import { reportAnswer } from '../report-answer.ts';

/** What a run did, as Markdown for a postmortem. */
export async function loader(asked: LoaderFunctionArgs) {
  asked.context.require('read');
  return reportAnswer(asked, 'run');
}
