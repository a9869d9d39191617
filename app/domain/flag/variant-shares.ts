import type { FlagStrategy } from './flag.ts';

/** A variant and the share of those let in who get it, percent, to one decimal. */
export interface VariantShare {
  name: string;
  percent: number;
}

/** Unleash counts weights in thousandths. */
const whole = 1000;

/** Reads "blue 50, green 50"; a problem in words when it cannot be read or does not add up to 100. */
export function readVariantShares(text: string): { shares: VariantShare[] } | { problem: string } {
  const shares: VariantShare[] = [];
  for (const part of text.split(',')) {
    const found = /^\s*([A-Za-z0-9_.~-]{1,100})[\s:]+(\d{1,3}(?:\.\d)?)\s*%?\s*$/.exec(part);
    if (!found) return { problem: `"${part.trim()}" is no variant with its share. Write: blue 50, green 50.` };
    const [, name = '', percent] = found;
    if (shares.some((one) => one.name === name)) return { problem: `Variant ${name} stands there twice.` };
    shares.push({ name, percent: Number(percent) });
  }
  const total = shares.reduce((sum, { percent }) => sum + Math.round(percent * 10), 0);
  if (total !== whole) return { problem: `The shares of the variants add up to ${total / 10} %, not to 100 %.` };
  return { shares };
}

/** The variants of a strategy as `readVariantShares` reads them; empty where it has none. */
export function variantSharesText(variants: FlagStrategy['variants']): string {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return '';
  return variants.map(({ name, weight }) => `${name} ${Math.round((weight / total) * whole) / 10}`).join(', ');
}

/**
 * Shares as Unleash keeps them: in the order of their names, what is fixed stays as it is, and the last takes what is
 * left, since one has to be variable. Payloads that variants of these names have stay theirs.
 */
export function weightedVariants(
  shares: readonly VariantShare[],
  known: FlagStrategy['variants'],
  stickiness: string,
): FlagStrategy['variants'] {
  const sorted = [...shares].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, percent }, index) => {
    const payload = known.find((one) => one.name === name)?.payload;
    return {
      name,
      weight: Math.round(percent * 10),
      weightType: index === shares.length - 1 ? 'variable' : 'fix',
      stickiness,
      ...(payload === undefined ? {} : { payload }),
    };
  });
}
