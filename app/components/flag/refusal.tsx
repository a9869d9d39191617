import { Problem } from '../ui/problem.tsx';
import type { RefusedFlagForm } from './kept.ts';

/** Why a form was refused, in the form itself: the press is answered where it was made. */
export function Refusal({ refused }: { refused: RefusedFlagForm | null }) {
  return refused && !refused.notSent && <Problem>{refused.message}</Problem>;
}
