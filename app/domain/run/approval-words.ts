import { ruleWords } from '../approval/rule.ts';
import type { ApprovalOutcome, ApprovalRequest, BrokenGlass } from './approval.ts';
import type { Plan } from './run.ts';

const mostLines = 12;

/** What approvers are told: the plan with its diff, who asks, why, and how many have to say yes. */
export function askedText(request: Pick<ApprovalRequest, 'requester' | 'reason' | 'rules'>, plan: Plan): string {
  const rules = request.rules.map((rule) => `${ruleWords(rule)} (${rule.of})`).join(' and ');
  const diff = plan.diff.slice(0, mostLines).map(({ sign, text }) => `${sign} ${text}`);
  const more = plan.diff.length > mostLines ? [`… ${plan.diff.length - mostLines} more lines`] : [];
  const head = `Approval wanted: ${plan.title}. ${request.requester.name} asks: “${request.reason}” Needed: ${rules}.`;
  return [head, ...diff, ...more].join('\n');
}

const ends: Record<ApprovalOutcome, string> = {
  approved: 'Approved',
  rejected: 'Not approved',
  withdrawn: 'No longer asked for',
  void: 'Approvals are void',
  expired: 'Approval lapsed',
  'broken-glass': 'Somebody broke the glass for it',
  'called-off': 'Called off',
};

/** What the requester is told when it is decided. */
export function endedText(request: ApprovalRequest, title: string): string {
  const { outcome, requester, approvals, endedReason } = request;
  const by = outcome === 'approved' ? ` by ${approvals.map(({ actor }) => actor.name).join(', ')}, it goes now` : '';
  const why = endedReason && outcome !== 'broken-glass' ? ` ${endedReason}` : '';
  return `${ends[outcome ?? 'called-off']}${by}: ${title}. Asked for by ${requester.name}.${why}`;
}

/** What everybody is told when glass was broken. */
export function glassText(glass: BrokenGlass, title: string): string {
  const { by, reason, missing } = glass;
  return `${by.name} broke the glass: ${title}. “${reason}” What stood in the way: ${missing} A second person owes a sign-off within a day.`;
}
