import type { ReactNode } from 'react';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { tight } from '../ui/tight.ts';
import type { EnvironmentView, StrategyView } from './view.ts';

/** Who gets a flag in one environment: one number, the strategies behind it, and what may be done. */
export function Environment({ view, children }: { view: EnvironmentView; children?: ReactNode }) {
  const { name, share, strategies, begins } = view;
  return (
    <Panel
      title={name}
      id={`in-${name}`}
      aside={
        <>
          {share.safe && <Chip tone="ok">safe</Chip>}
          <Chip>{view.protected ? 'protected' : 'not protected'}</Chip>
        </>
      }
    >
      <div className="panel-body share-now">
        <p>
          <b className="tile-value">{tight(share.number)}</b>{' '}
          <span className="text-dim">
            {share.number === 'off' ? 'nobody gets it' : 'get it, all strategies together'}
            {share.dependsOnWhoAsks && ': it depends on who asks'}
          </span>
        </p>
        {view.parents.map((text) => (
          <p key={text} className="text-[13px] text-amber">
            {text}
          </p>
        ))}
      </div>
      {strategies.length === 0 && (
        <p className="panel-note">
          {view.enabled ? 'On without a strategy: everyone gets it.' : 'It has no strategy here.'}
        </p>
      )}
      {strategies.map((each, index) => (
        <Strategy key={each.id} strategy={each} place={index + 1} last={strategies.length} off={!view.enabled} />
      ))}
      {begins && <p className="panel-note">Its file lets it begin with {tight(begins)}.</p>}
      {children}
    </Panel>
  );
}

function Strategy({
  strategy,
  place,
  last,
  off,
}: {
  strategy: StrategyView;
  place: number;
  last: number;
  off: boolean;
}) {
  const { title, group, variants } = strategy;
  const quiet = off || strategy.disabled;
  return (
    <div className="row plain">
      <div>
        <div className={quiet ? 'text-dim' : 'row-title'}>{tight(strategy.text)}</div>
        <div className="row-detail">
          {last > 1 && `Strategy ${place} of ${last}, any one is enough`}
          {last > 1 && (title || group) && ' · '}
          {title}
          {title && group && ' · '}
          {group && `group ${group}`}
        </div>
        {variants.length > 0 && (
          <div className="row-detail">
            Variants: {variants.map(({ name, percent }) => tight(`${name} ${percent} %`)).join(', ')}
          </div>
        )}
      </div>
      {strategy.disabled ? <Chip>switched off</Chip> : off ? <Chip>waits: the flag is off</Chip> : null}
    </div>
  );
}
