import type { Receipt } from '../../domain/flag/flag.ts';

/** True for the receipt of a flag change, among the kinds of evidence a step may hold. */
export function isReceipt(evidence: unknown): evidence is Receipt {
  return typeof evidence === 'object' && evidence !== null && Array.isArray((evidence as Receipt).layers);
}

/** One line of evidence; `at` is its moment (ms) where it is one, to be shown in the viewer's zone. */
export interface EvidenceLine {
  name: string;
  value: string;
  at: number | null;
}

/** Any other evidence as named lines, for reading: only what is text, texts, number or truth. A number named `endsAt` is a moment. */
export function evidenceLines(evidence: unknown): EvidenceLine[] {
  if (typeof evidence !== 'object' || evidence === null) return [];
  return Object.entries(evidence)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) || isTexts(value))
    .map(([name, value]) => {
      const at = typeof value === 'number' && name.endsWith('At') ? value : null;
      const words = (at === null ? name : name.slice(0, -2)).replace(/([A-Z])/g, ' $1').toLowerCase();
      return { name: words, value: isTexts(value) ? value.join('\n') : String(value), at };
    });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}
