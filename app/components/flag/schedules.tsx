import { type FlagSchedule, scheduleTimeText } from '../../domain/flag/schedule.ts';
import { paths } from '../../paths.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { Countdown } from '../ui/time.tsx';

const states: Record<FlagSchedule['state'], { text: string; tone: Tone }> = {
  waiting: { text: 'planned', tone: 'info' },
  fired: { text: 'done by a run', tone: 'ok' },
  refused: { text: 'not done', tone: 'warn' },
  missed: { text: 'missed', tone: 'bad' },
  cancelled: { text: 'cancelled', tone: 'plain' },
};

/** A change for a later time as pages show it. */
export interface ShownSchedule extends FlagSchedule {
  /** What judges it afterwards, in words; null before a catalog was read. */
  judged: string | null;
}

/** Changes for a later time: what, when in the words of whoever asked, how long until then. Without `cancel` nobody cancels here. */
export function ScheduleRows({ schedules, cancel }: { schedules: ShownSchedule[]; cancel: boolean }) {
  return schedules.map((one) => (
    <div key={one.id} className="row plain" id={`planned-${one.id}`}>
      <div className="min-w-0">
        <div className="row-title">
          <a className="hover:underline" href={one.runId ? paths.run(one.runId) : paths.flag(one.flag)}>
            {one.title}
          </a>
        </div>
        <div className="row-detail">
          {scheduleTimeText(one)}
          {one.state === 'waiting' && (
            <>
              , <Countdown to={one.firesAt} over="now" />
            </>
          )}{' '}
          · by {one.by}
          {one.endedBy && ` · cancelled by ${one.endedBy}`}
        </div>
        {one.state === 'waiting' && one.judged && <div className="row-detail">{one.judged}</div>}
        {one.why && <div className="row-detail">{one.why}</div>}
      </div>
      <span className="acts">
        <Chip tone={states[one.state].tone}>{states[one.state].text}</Chip>
        {cancel && one.state === 'waiting' && (
          <PostButton fields={{ intent: 'unschedule', id: one.id }} look="quiet">
            Cancel
          </PostButton>
        )}
      </span>
    </div>
  ));
}
