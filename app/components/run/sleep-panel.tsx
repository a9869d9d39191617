import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import { type Aftermath, aftermath } from '../../domain/run/aftermath.ts';
import type { Run } from '../../domain/run/run.ts';
import { LeftBehind, outlookOf, PageWords, type SleepFacts } from '../incident/sleep-line.tsx';
import { Panel } from '../ui/panel.tsx';

/** "May I sleep?" at the end of a run: what became of its change, of the page behind it, and what it left behind. */
export function SleepPanel(props: { run: Run; facts: SleepFacts | null; followUps: FollowUp[] }) {
  const after = aftermath(props.run);
  if (after === null) return null;
  return (
    <Panel title="May I sleep?">
      <p className="panel-note">
        <Ending after={after} facts={props.facts} /> <LeftBehind followUps={props.followUps} />
      </p>
    </Panel>
  );
}

function Ending({ after, facts }: { after: Aftermath; facts: SleepFacts | null }) {
  const outlook = facts && after === 'stands' ? outlookOf(facts) : null;
  if (facts && outlook) return <PageWords facts={facts} outlook={outlook} />;
  const change = {
    nothing: 'This run changed no service.',
    undone: 'What this run changed was undone.',
    unseen: 'A change of this run was confirmed, and no effect of it was seen.',
    stands: 'What this run changed stands.',
  }[after];
  return `${change} ${incidentWords(facts)}`;
}

function incidentWords(facts: SleepFacts | null): string {
  if (!facts) return 'No incident stands behind it.';
  if (facts.incident.status === 'resolved') return 'Its incident is resolved.';
  if (facts.incident.level === 'ticket') return 'Its incident is a ticket and pages nobody.';
  if (facts.main) return 'Its incident is still open.';
  return 'Its incident is still open, and no SLO here says when it ends.';
}
