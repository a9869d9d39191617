import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { paths } from '../paths.ts';
import { Chip } from './ui/chip.tsx';
import { useTicking } from './ui/clock.tsx';
import { Elapsed, Time } from './ui/time.tsx';

/** Open follow-ups in short, each leading to the list. */
export function FollowUpRows({ followUps }: { followUps: FollowUp[] }) {
  return followUps.map((each) => (
    <a key={each.id} className="row plain" href={paths.followUp(each.id)}>
      <span>
        <span className="row-title">{each.title}</span>
        <span className="row-detail block">
          for <Elapsed since={each.openedAt} /> {each.owner && `· ${each.owner}`}
        </span>
      </span>
      <Due followUp={each} />
    </a>
  ));
}

/** When a follow-up is due, and that it is overdue once it is. */
export function Due({ followUp }: { followUp: FollowUp }) {
  const overdue = useTicking((now) => followUp.dueAt !== null && followUp.clearedAt === null && now > followUp.dueAt);
  if (followUp.dueAt === null) return null;
  return (
    <Chip tone={overdue ? 'warn' : 'plain'}>
      {overdue ? 'overdue since ' : 'due '}
      <Time at={followUp.dueAt} day="always" />
    </Chip>
  );
}
