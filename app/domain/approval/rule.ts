import { z } from 'zod';

/** What a file asks before a change forward: this many people say yes. */
export interface ApprovalRule {
  /** Distinct people. */
  people: number;
  /** Teams or mail addresses that count; empty: any responder or admin. */
  from: string[];
  /** Whether the one who asks counts as one of them. */
  requester: 'may' | 'excluded';
}

/** `approvals:` as files write it; strict, the requester excluded unless said otherwise. */
export const approvalSchema = z.strictObject({
  people: z
    .number()
    .int('"people" is a whole number.')
    .min(1, 'At least one person approves.')
    .max(10, 'At most 10 people.'),
  from: z.array(z.string().trim().min(1)).min(1, 'Name a team or a mail address, or leave "from" out.').optional(),
  requester: z.enum(['may', 'excluded']).optional(),
});

/** The rule that a file's `approvals:` stands for. */
export function approvalRule({ people, from, requester }: z.output<typeof approvalSchema>): ApprovalRule {
  return { people, from: from ?? [], requester: requester ?? 'excluded' };
}

/** A rule in words: "2 people of media-platform", "1 person". */
export function ruleWords({ people, from }: ApprovalRule): string {
  const count = people === 1 ? '1 person' : `${people} people`;
  return from.length === 0 ? count : `${count} of ${from.join(' or ')}`;
}

/** What is odd about a rule, as far as the rule alone tells: each with how to mend it. */
export function ruleDoubts({ people, from, requester }: ApprovalRule): { message: string; hint: string }[] {
  const doubts: { message: string; hint: string }[] = [];
  const mails = new Set(from.map((one) => one.toLowerCase()));
  const onlyMails = from.length > 0 && from.every((one) => one.includes('@'));
  if (onlyMails && people > mails.size) {
    const named = mails.size === 1 ? 'one is named' : `${mails.size} are named`;
    doubts.push({ message: `${people} people approve, and ${named}.`, hint: 'Name more people, or a team.' });
  } else if (onlyMails && people === mails.size && requester === 'excluded') {
    const message = 'All who are named have to approve: none of them can ask for it.';
    doubts.push({ message, hint: 'Name one more.' });
  }
  if (people === 1 && requester === 'may') {
    doubts.push({ message: 'One person who may be the requester: nobody else is asked.', hint: 'Write people: 2.' });
  }
  return doubts;
}
