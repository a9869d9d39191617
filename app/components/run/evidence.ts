import type { Receipt } from '../../domain/flag/flag.ts';

/** True for the receipt of a flag change, among the kinds of evidence a step may hold. */
export function isReceipt(evidence: unknown): evidence is Receipt {
  return typeof evidence === 'object' && evidence !== null && Array.isArray((evidence as Receipt).layers);
}

/** Any other evidence as named lines, for reading: only what is text, number or truth. */
export function evidenceLines(evidence: unknown): { name: string; value: string }[] {
  if (typeof evidence !== 'object' || evidence === null) return [];
  return Object.entries(evidence)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => ({ name: name.replace(/([A-Z])/g, ' $1').toLowerCase(), value: String(value) }));
}
