import { Time } from './ui/time.tsx';

/** That an SLO is counted by another indicator than before `at` (ms), as part of a sentence. */
export function CountedAnew({ at }: { at: number }) {
  return (
    <>
      counted anew since <Time at={at} day="always" />, when its indicator changed
    </>
  );
}
