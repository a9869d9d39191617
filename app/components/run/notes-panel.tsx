import type { RunNote } from '../../domain/run/note.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { HandOverForms, NoteForm, type RecordFormsProps } from './record-forms.tsx';

/** Who has the run, what people wrote on it, and the forms for both. */
export function NotesPanel({ notes, ...about }: RecordFormsProps & { notes: RunNote[] }) {
  const { run, actor } = about;
  return (
    <Panel
      title="Notes and hand-over"
      aside={
        <a className="age hover:underline" href={paths.runStory(run.id)} download>
          for the postmortem ↓
        </a>
      }
    >
      <div className="panel-body grid gap-3">
        <p id="who-has-it">
          {run.assignee ? (
            <>
              <b>{run.assignee.email === actor.email ? 'You have' : `${run.assignee.name} has`}</b> this run
              {run.state === 'done' || run.state === 'cancelled' ? ' (it has ended).' : ' now.'}
            </>
          ) : (
            <span className="text-dim">Nobody was named to have this run.</span>
          )}
        </p>
        {notes.length > 0 && (
          <ol className="grid gap-2.5">
            {notes.map((note) => (
              <li key={note.id} id={`note-${note.id}`} className="text-[13px]">
                <span className="whitespace-pre-wrap break-words">
                  {note.to && (
                    <b className="font-[550]">
                      {note.to.email === note.by.email ? 'Took it: ' : `Handed over to ${note.to.name}: `}
                    </b>
                  )}
                  {note.text}
                </span>
                <span className="block text-dim">
                  {note.by.name}, <Time at={note.at} />
                  {note.step && (
                    <>
                      , at{' '}
                      <a className="link" href={`#step-${note.step}`}>
                        {run.steps.find(({ id }) => id === note.step)?.title ?? note.step}
                      </a>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ol>
        )}
        <NoteForm {...about} />
        <HandOverForms {...about} />
      </div>
    </Panel>
  );
}
