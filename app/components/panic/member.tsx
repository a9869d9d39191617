import { type MemberState, memberState, memberStep, type PanicMember } from '../../domain/panic/panic.ts';
import { paths } from '../../paths.ts';
import { isReceipt } from '../run/evidence.ts';
import { PlanView } from '../run/plan-view.tsx';
import { ReceiptView } from '../run/receipt-view.tsx';
import { resultWords, stateWords } from '../run/step-state.ts';
import { Chip, type Tone } from '../ui/chip.tsx';

const words: Partial<Record<MemberState, { text: string; tone: Tone }>> = {
  'no-run': { text: 'no plan', tone: 'bad' },
  planning: { text: 'planning', tone: 'info' },
  ready: { text: 'ready', tone: 'info' },
  refused: { text: 'nothing to do', tone: 'plain' },
};

/** One member: its plan before the press; afterwards its state, its receipt, and the run where everything else is. */
export function MemberView({ member, pressed }: { member: PanicMember; pressed: boolean }) {
  const step = memberStep(member);
  const shown = words[memberState(member)] ?? (step ? stateWords(step) : words['no-run']!);
  const result = step && resultWords(step.result);
  const planned = step?.plan && (step.state === 'planned' || step.state === 'pending');
  return (
    <section className="panel-body panic-member grid gap-2.5" id={`member-${member.name}`}>
      <div className="step-title">
        <h3>
          {member.run && step ? (
            <a className="hover:underline" href={paths.runStep(member.run.id, step.id)}>
              {step.plan?.title ?? member.run.title}
            </a>
          ) : (
            member.name
          )}
        </h3>
        <Chip tone={shown.tone}>{shown.text}</Chip>
        {result && <Chip tone={result.tone}>{result.text}</Chip>}
        {pressed && step?.confirmedBy && !member.confirmed && <Chip>not by this panic</Chip>}
      </div>
      {member.problem && <p className="text-[13px]">{member.problem}</p>}
      {step?.reason && <p className="text-[13px]">{step.reason}</p>}
      {step?.plan?.refused && <p className="text-[13px]">{step.plan.refused}</p>}
      {planned && step.plan && <PlanView plan={step.plan} hash={step.planHash} />}
      {step && isReceipt(step.evidence) && <ReceiptView receipt={step.evidence} />}
    </section>
  );
}
