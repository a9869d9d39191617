import type { Move } from '../../actions/action.ts';
import type { Bound } from './context.server.ts';
import { errorText } from './words.ts';

/** What is there of a step that a person reported as done by hand. */
export interface SeenByHand {
  /** Shown beside the step. */
  evidence: { doneByHandBy: string; theTarget: string };
  /** Why it does not count as done: its target can be read, and stands otherwise. Null where it counts. */
  refuted: string | null;
}

/**
 * Looks at the target of what somebody says they did. What can be read and stands otherwise refutes them; where only a key of
 * ours would show it, or nothing can be read, their word stands, and is marked as that.
 */
export async function seeByHand({ claim, action, context }: Bound): Promise<SeenByHand> {
  const { step } = claim;
  const { by, seen } = step.drive.byHand!;
  const found = (theTarget: string, refuted: string | null = null): SeenByHand => ({
    evidence: { doneByHandBy: `${by}: ${seen}`, theTarget },
    refuted,
  });
  if (step.plan === null) return found('cannot be seen: no plan was made of this step.');
  const move: Move = { plan: step.plan, captured: step.captured, progress: step.drive.progress ?? null, key: '' };
  try {
    if (action.stands) {
      const { still, text } = await action.stands(context, move);
      if (still) return found(`agrees: ${text}.`);
      const why = `does not agree: ${text}.`;
      return found(why, `${by} reported it as done by hand, and the target ${why}`);
    }
    const { state, text } = await action.observe(context, move, 'apply');
    if (state === 'done') return found(`agrees: ${text}.`);
    return found(state === 'not_done' ? `does not show it: ${text}.` : `cannot be seen: ${text}.`);
  } catch (error) {
    return found(`cannot be seen: ${errorText(error)}`);
  }
}
