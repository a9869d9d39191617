import { PostButton } from '../ui/post-button.tsx';
import type { EnvironmentView } from './view.ts';

/** What may be done with a flag in one environment; each opens a run with its plan. */
export function TurnForms({
  view,
  safe,
  killed,
  why,
}: {
  view: EnvironmentView;
  /** The safe state in words; null where none is declared. */
  safe: string | null;
  /** A kill of ours stands here. */
  killed: boolean;
  why: string | null;
}) {
  const { name } = view;
  return (
    <div className="panel-body acts">
      {!view.share.safe && (
        <PostButton fields={{ intent: 'kill', environment: name }} why={why}>
          Bring to its safe state{safe && `: ${safe}`}…
        </PostButton>
      )}
      {killed && (
        <PostButton fields={{ intent: 'restore', environment: name }} why={why}>
          Restore what it had…
        </PostButton>
      )}
    </div>
  );
}
