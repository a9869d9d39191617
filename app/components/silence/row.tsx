import { Form } from '@remix-run/react';
import type { SilenceForm, WrongSilence } from '../../domain/silence/request.ts';
import type { Silence } from '../../domain/silence/silence.ts';
import { paths } from '../../paths.ts';
import { PostButton } from '../ui/post-button.tsx';
import { Countdown, Time } from '../ui/time.tsx';
import { EndFields } from './end-fields.tsx';

/** A silence with what it is about in words, and how many SLOs it keeps quiet. */
export interface ShownSilence {
  silence: Silence;
  what: string;
  count: number;
}

/** A later end that was asked for and refused. */
export interface RefusedEnd {
  id: string;
  form: Pick<SilenceForm, 'end' | 'at' | 'zone'>;
  /** Null where nothing is wrong with it: it was not sent yet. */
  wrong: WrongSilence | null;
}

/** One silence: what, why, by whom, until when; while it stands also its two ends. */
export function SilenceRow({
  shown: { silence, what, count },
  standing,
  why,
  timeZone,
  refused,
}: {
  shown: ShownSilence;
  standing: boolean;
  why: string | null;
  timeZone: string;
  refused: RefusedEnd | null;
}) {
  const { id, reason, by, from, until, endedAt, endedBy } = silence;
  const own = refused?.id === id ? refused : null;
  return (
    <div className="row plain" id={id}>
      <div className="min-w-0">
        <div className="row-title">
          <a className="hover:underline" href={paths.silence(id)}>
            {what}
          </a>
        </div>
        <div className="row-detail">
          {reason} · by {by}, <Time at={from} /> to <Time at={endedAt ?? until} />
          {standing && (
            <>
              , over <Countdown to={until} over="now" />
            </>
          )}
          {endedBy && ` · ended early by ${endedBy}`} · {count} SLO{count === 1 ? '' : 's'}
        </div>
        {standing && !why && (
          <details className="fold mt-1" open={own !== null}>
            <summary>Extend…</summary>
            <Form method="post" action={paths.silences()} preventScrollReset className="silence-form">
              <input type="hidden" name="intent" value="extend" />
              <input type="hidden" name="id" value={id} />
              <EndFields
                kind="extend"
                form={own?.form ?? { end: '', at: '', zone: '' }}
                wrong={own?.wrong ?? null}
                timeZone={timeZone}
              />
              <button type="submit" className="btn">
                Extend
              </button>
            </Form>
          </details>
        )}
      </div>
      {standing && (
        <PostButton action={paths.silences()} fields={{ intent: 'end', id }} look="quiet" why={why}>
          End now
        </PostButton>
      )}
    </div>
  );
}
