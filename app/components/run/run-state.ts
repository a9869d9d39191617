import type { RunState } from '../../domain/run/run.ts';
import type { Tone } from '../ui/chip.tsx';

/** A run's state in words and a tone. */
export const runStates: Record<RunState, { text: string; tone: Tone }> = {
  prepared: { text: 'prepared', tone: 'info' },
  open: { text: 'open', tone: 'info' },
  done: { text: 'done', tone: 'ok' },
  cancelled: { text: 'cancelled', tone: 'plain' },
};
