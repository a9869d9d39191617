import { type Freeze, nextStretch, stretchAt } from '../../domain/freeze/freeze.ts';
import { scopeWords, spanWords } from '../../domain/freeze/words.ts';
import { Chip } from '../ui/chip.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { Time } from '../ui/time.tsx';

/** A freeze: of what, when, why and by whom; an admin ends it. `why` keeps the button from others. */
export function FreezeRow({ freeze, now, why }: { freeze: Freeze; now: number; why: string | null }) {
  const here = stretchAt(freeze, now);
  const next = here ?? nextStretch(freeze, now);
  return (
    <div className="row plain" id={freeze.id}>
      <div>
        <div className="row-title">
          {scopeWords(freeze)}: {freeze.reason}
        </div>
        <div className="row-detail">
          {spanWords(freeze.span, freeze.timeZone)} · by {freeze.by}, <Time at={freeze.madeAt} day="always" />
          {freeze.endedAt !== null && (
            <>
              {' '}
              · ended by {freeze.endedBy}, <Time at={freeze.endedAt} day="always" />
            </>
          )}
        </div>
      </div>
      {next && (
        <div className="acts">
          {here ? (
            <Chip tone="warn">
              in force until <Time at={here.until} day="always" />
            </Chip>
          ) : (
            <Chip tone="plain">
              next <Time at={next.from} day="always" />
            </Chip>
          )}
          <PostButton fields={{ intent: 'end', id: freeze.id }} look="quiet" why={why}>
            End it
          </PostButton>
        </div>
      )}
    </div>
  );
}
