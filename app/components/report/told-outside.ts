import type { DeliveryState, SentEvent } from '../../domain/incident/delivery.ts';
import type { PagerDutyIncident } from '../../domain/incident/incident.ts';
import type { Happened } from '../../domain/report/happened.ts';
import { md, mdLink, mdParts, mdTable } from '../../domain/report/markdown.ts';
import type { ToldTimes } from './told-times.ts';

const actions = { trigger: 'opened', acknowledge: 'acknowledged', resolve: 'ended' } as const;

/** Who was told: pages and tickets with their state, and PagerDuty's incidents with who acknowledged them. */
export function toldOutside({ deliveries, pagerDuty }: Happened, times: ToldTimes): string {
  if (deliveries.length === 0 && pagerDuty.length === 0) return '';
  return mdParts(
    '## Who was told',
    mdTable(
      ['Decided', 'What', 'Came of it'],
      [...deliveries]
        .sort((a, b) => a.at - b.at)
        .map((sent) => [times.full(sent.at), md(whatText(sent)), stateText(sent.state, times)]),
    ),
    mdTable(
      ['PagerDuty', 'Opened', 'State', 'Assigned', 'Acknowledged by'],
      [...pagerDuty]
        .sort((a, b) => a.createdAt - b.createdAt)
        .map((each) => [
          mdLink(nameOf(each), each.url),
          times.full(each.createdAt),
          md(`${each.status}${each.resolvedAt === null ? '' : ` ${times.full(each.resolvedAt)}`}`),
          md(each.assignees.join(', ') || 'nobody'),
          md(each.acknowledgedBy.join(', ') || 'nobody'),
        ]),
    ),
  );
}

function nameOf({ number, id, title }: PagerDutyIncident): string {
  return `${number === null ? id : `No. ${number}`}: ${title}`;
}

function whatText({ level, action, summary, toEndpoint }: SentEvent): string {
  return `${level === 'page' ? 'Page' : 'Ticket'} ${actions[action]}${toEndpoint ? ' (declared endpoint)' : ''}: ${summary}`;
}

function stateText(state: DeliveryState, times: ToldTimes): string {
  switch (state.kind) {
    case 'delivered':
      return `taken ${times.full(state.at)}`;
    case 'refused':
      return `refused: ${md(state.error)}`;
    case 'held-back':
      return `did not leave: ${md(state.why)}`;
    case 'retrying':
      return `not taken yet: ${md(state.error)}`;
    case 'waiting':
      return 'on its way';
  }
}
