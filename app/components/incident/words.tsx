import { Fragment } from 'react';
import { Time } from '../ui/time.tsx';
import type { WordPart } from './hero-words.ts';

/** A sentence made of parts; figures that matter are stressed, moments are in the viewer's zone. */
export function Words({ parts }: { parts: WordPart[] }) {
  // The parts of one sentence never change places, so their index is their identity.
  return parts.map((part, index) => {
    const key = `${index}`;
    if (typeof part === 'string') return <Fragment key={key}>{part}</Fragment>;
    if ('at' in part)
      return part.em ? (
        <em key={key}>
          <Time at={part.at} />
        </em>
      ) : (
        <Time key={key} at={part.at} />
      );
    return <em key={key}>{part.em}</em>;
  });
}
