import { Form } from '@remix-run/react';
import { needsWords, type RolloutDecision } from '../../domain/rollout/decision.ts';
import { Panel } from '../ui/panel.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { ReasonField } from '../ui/reason-field.tsx';
import type { RolloutOffer } from './view.ts';

const labels: Record<RolloutDecision, string> = {
  start: 'Start it',
  'approve-stage': 'Approve this stage',
  pause: 'Pause',
  resume: 'Resume',
  skip: 'Skip the rest of this stage',
  abort: 'Roll back now',
  cancel: 'Call it off',
  'back-again': 'Roll back once more',
};

/** What may be decided about a rollout; each word is bound to the rollout as it was read here. What was refused stands in its form again. */
export function RolloutActs({
  offers,
  epoch,
  blind,
  refused,
}: {
  offers: RolloutOffer[];
  epoch: number;
  blind: number[];
  refused: { intent: string; reason: string } | null;
}) {
  if (offers.length === 0) return null;
  return (
    <Panel title="Decide" id="decide">
      <div className="panel-body grid gap-3">
        {offers.map(({ wish, why }) => (
          <div key={wish}>
            {why !== null || (!needsWords.includes(wish) && (wish !== 'start' || blind.length === 0)) ? (
              <PostButton fields={{ intent: wish, epoch: String(epoch) }} look={wish === 'start' ? 'go' : ''} why={why}>
                {labels[wish]}
              </PostButton>
            ) : (
              <Form method="post" preventScrollReset className="grid gap-2">
                <input type="hidden" name="intent" value={wish} />
                <input type="hidden" name="epoch" value={epoch} />
                {wish === 'start' ? (
                  <label className="tick-line">
                    <input type="checkbox" name="blind" value="yes" required />
                    <span>
                      I know that {blind.length === 1 ? `stage ${blind[0]} is` : `stages ${blind.join(', ')} are`}{' '}
                      blind: no guard would see even a total failure there.
                    </span>
                  </label>
                ) : (
                  <ReasonField
                    label={`${labels[wish]}: why, in one sentence`}
                    kept={refused?.intent === wish ? refused.reason : undefined}
                  />
                )}
                <span>
                  <button type="submit" className={wish === 'start' ? 'btn go' : 'btn'}>
                    {labels[wish]}
                  </button>
                </span>
              </Form>
            )}
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** On a phone, the way to what may be decided, the way back before all else; nothing for somebody who may decide nothing. */
export function RolloutThumb({ offers }: { offers: RolloutOffer[] }) {
  const open = offers.filter(({ why }) => why === null);
  const first = open.find(({ wish }) => wish === 'abort') ?? open[0];
  if (!first) return null;
  return (
    <div className="thumb">
      <a className="btn" href="#decide">
        {labels[first.wish]}…
      </a>
    </div>
  );
}
