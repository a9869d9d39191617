import type { WordPart } from '../domain/slo/words.ts';
import { Day, Time } from './ui/time.tsx';

/** A sentence made of parts; figures that matter are stressed, moments are in the viewer's zone. */
export function Words({ parts }: { parts: WordPart[] }) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places
    <Part key={index} part={part} />
  ));
}

function Part({ part }: { part: WordPart }) {
  if (typeof part === 'string') return <>{part}</>;
  if (!('at' in part)) return <em>{part.em}</em>;
  const moment = part.as === 'day' ? <Day at={part.at} /> : <Time at={part.at} />;
  return part.em ? <em>{moment}</em> : moment;
}
