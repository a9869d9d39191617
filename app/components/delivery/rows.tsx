import type { DeliveryState, SentEvent } from '../../domain/incident/delivery.ts';
import { paths } from '../../paths.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { duration } from '../ui/duration.ts';
import { Countdown, Time } from '../ui/time.tsx';

const chips: Record<DeliveryState['kind'], [Tone, string]> = {
  waiting: ['plain', 'waiting'],
  retrying: ['warn', 'not taken yet'],
  delivered: ['ok', 'taken'],
  refused: ['bad', 'refused'],
  'held-back': ['plain', 'held back'],
};

/** What was told to the outside, each with its state: taken, waiting, tried again with the last error, refused, or held back. */
export function DeliveryRows({ deliveries, withIncident }: { deliveries: SentEvent[]; withIncident: boolean }) {
  return deliveries.map((each) => {
    const [tone, text] = chips[each.state.kind];
    return (
      <div key={each.id} className="row plain" id={`delivery-${each.id}`}>
        <div className="min-w-0">
          <div className="row-title">
            {withIncident ? (
              <a className="hover:underline" href={paths.incident(each.incident)}>
                {title(each)}
              </a>
            ) : (
              title(each)
            )}
          </div>
          <div className="row-detail">
            <Time at={each.at} /> · <State sent={each} />
          </div>
        </div>
        <Chip tone={tone}>{text}</Chip>
      </div>
    );
  });
}

function title({ level, action, summary }: SentEvent): string {
  const what = level === 'page' ? 'Page' : 'Ticket';
  if (action === 'resolve') return `${what}: it is over`;
  return `${what}: ${summary.split(' · ')[0]}`;
}

function State({ sent: { state, at, toEndpoint } }: { sent: SentEvent }) {
  const where = toEndpoint ? 'the tickets’ system' : 'PagerDuty';
  switch (state.kind) {
    case 'waiting':
      return `on its way to ${where}`;
    case 'retrying':
      return (
        <>
          {ended(state.error)} Tried {state.tries === 1 ? 'once' : `${state.tries} times`}, again{' '}
          <Countdown to={state.nextAt} over="now" />
        </>
      );
    case 'delivered':
      return (
        <>
          taken by {where} <Time at={state.at} />
          {state.at - at >= 60_000 && `, after ${duration(state.at - at)}`}
        </>
      );
    case 'refused':
      return (
        <>
          {where} will never take it: {ended(state.error)}
        </>
      );
    case 'held-back':
      return <>did not leave: {state.why}</>;
  }
}

function ended(said: string): string {
  return `${said.trim().replace(/[.:]$/, '')}.`;
}
