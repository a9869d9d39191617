import type { Receipt, ReceiptEnd } from '../../domain/flag/flag.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Countdown, Time } from '../ui/time.tsx';

const ends: Record<ReceiptEnd, { text: string; tone: Tone }> = {
  confirmed: { text: 'confirmed: everybody obeys', tone: 'ok' },
  partly: { text: 'partly obeyed', tone: 'warn' },
  unconfirmed: { text: 'unconfirmed: not seen obeyed in time', tone: 'warn' },
  contradicted: { text: 'contradicted: somebody still evaluates the old value', tone: 'bad' },
  unobservable: { text: 'unobservable: nobody evaluates this flag', tone: 'plain' },
};

/** A kill's receipt: five layers with their times, each application's answer, one honest end. */
export function ReceiptView({ receipt }: { receipt: Receipt }) {
  return (
    <section aria-label="Receipt">
      <ul className="receipt">
        {receipt.layers.map((layer) => (
          <li key={layer.layer} className={layer.at === null ? 'waiting' : ''}>
            <span aria-hidden="true" className={layer.at === null ? '' : 'text-green'}>
              {layer.at === null ? '○' : '✓'}
            </span>
            <b className="font-[550]">{layer.layer}</b>
            <span>
              {layer.at === null && <span className="sr-only">not yet: </span>}
              {layer.text}
              {layer.at !== null && (
                <span className="text-faint">
                  {' '}
                  · <Time at={layer.at} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {receipt.applications.length > 0 && (
        <ul className="mt-2 text-[13px] text-dim">
          {receipt.applications.map((each) => (
            <li key={each.application}>
              <span className="mono">{each.application}</span>: {each.text}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2" aria-live="polite">
        {receipt.end ? (
          <Chip tone={ends[receipt.end].tone} wrap>
            {ends[receipt.end].text}
          </Chip>
        ) : (
          <span className="text-[13px] text-dim">
            Listening; the receipt closes <Countdown to={receipt.deadline} over="now" />.
          </span>
        )}
      </p>
    </section>
  );
}
