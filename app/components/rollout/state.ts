import type { Rollout } from '../../domain/rollout/rollout.ts';
import type { VerdictKind } from '../../domain/rollout/verdict.ts';
import { stateWords } from '../../domain/rollout/words.ts';
import type { Tone } from '../ui/chip.tsx';

/** A rollout's state as its chip. */
export function stateChip({ state, shadow }: Pick<Rollout, 'state' | 'shadow'>): { tone: Tone; text: string } {
  const tones: Partial<Record<Rollout['state'], Tone>> = {
    held: 'warn',
    rolling_back: 'bad',
    rolled_back: 'warn',
    rollback_unverified: 'bad',
    done: 'ok',
    baking: 'info',
  };
  return { tone: tones[state] ?? 'plain', text: shadow ? `shadow · ${stateWords[state]}` : stateWords[state] };
}

/** A verdict as its chip. */
export const verdictChips: Record<VerdictKind, { tone: Tone; text: string }> = {
  breach: { tone: 'bad', text: 'does harm' },
  error: { tone: 'warn', text: 'source fails' },
  stale: { tone: 'warn', text: 'no data' },
  insufficient: { tone: 'info', text: 'too little to tell' },
  pass: { tone: 'ok', text: 'well' },
};
