import { type ApprovalRule, approvalRule, approvalSchema, ruleDoubts } from '../approval/rule.ts';
import { type Annotations, commaList } from './annotations.ts';

/** Annotations that say who approves changes forward of a service: how many, of whom, and whether the requester counts. */
export const approvalNotes = ['approvals', 'approvals-from', 'approvals-requester'];

/** The rule that a service's annotations stand for; null when nobody has to approve, or when they are not valid. */
export function readApprovals(notes: Annotations): ApprovalRule | null {
  const [people, from, requester] = approvalNotes.map((key) => notes.read(key));
  if (people == null) {
    for (const key of approvalNotes.slice(1)) {
      if (notes.read(key) !== null)
        notes.fail(key, 'It is not said how many approve.', 'Add firebreak.dev/approvals: "2".');
    }
    return null;
  }
  const given = { people: /^\d+$/.test(people) ? Number(people) : people, ...(requester ? { requester } : {}) };
  const result = approvalSchema.safeParse(from ? { ...given, from: commaList(from) } : given);
  if (result.success) {
    const rule = approvalRule(result.data);
    for (const { message, hint } of ruleDoubts(rule)) notes.doubt('approvals', message, hint);
    return rule;
  }
  for (const { path } of result.error.issues) {
    if (path[0] === 'people') notes.fail('approvals', `"${people}" is not a number of people.`, 'Write "1" to "10".');
    if (path[0] === 'from') notes.fail('approvals-from', 'Teams or mail addresses, with commas between them.');
    if (path[0] === 'requester') notes.fail('approvals-requester', `"${requester}" is neither may nor excluded.`);
  }
  return null;
}
