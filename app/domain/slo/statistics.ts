/** Tail probabilities for "is this more than noise?", accurate far into the tail. Formulas: DLMF §8.9 and §8.17. */

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = 0.99999999999980993;
  for (const [i, coefficient] of lanczos.entries()) sum += coefficient / (x + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const tiny = 1e-300;
const enough = 1e-12;

/** Lentz's evaluation of b0 + a1/(b1 + a2/(b2 + …)). */
function continuedFraction(b0: number, term: (i: number) => [a: number, b: number]): number {
  let value = b0 || tiny;
  let c = value;
  let d = 0;
  for (let i = 1; i < 100_000; i++) {
    const [a, b] = term(i);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < enough) break;
  }
  return value;
}

/** Regularised lower and upper incomplete gamma functions P(a, x) and Q(a, x). */
function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * enough; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return { lower: scale * sum, upper: 1 - scale * sum };
  }
  const upper = scale / continuedFraction(x + 1 - a, (i) => [-i * (i - a), x + 2 * i + 1 - a]);
  return { lower: 1 - upper, upper };
}

/** Regularised incomplete beta function I_x(a, b). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const fraction = continuedFraction(1, (i) => {
    const m = i >> 1;
    const numerator =
      i % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [numerator, 1];
  });
  return scale / fraction;
}

/** Chance of `k` or more events where `mean` are expected (Poisson). */
export function poissonAtLeast(k: number, mean: number): number {
  return k <= 0 ? 1 : incompleteGamma(k, mean).lower;
}

/** Chance of `k` or more successes in `n` tries at probability `p` (binomial). */
export function binomialAtLeast(k: number, n: number, p: number): number {
  return k <= 0 ? 1 : k > n ? 0 : incompleteBeta(k, n - k + 1, p);
}

/** Events out of a number of occasions. */
export interface Counts {
  bad: number;
  total: number;
}

/**
 * How likely `a` would show as many bad events as it does, or more, if it failed at the same rate as `b`. Exact for rare
 * events (conditional test of two Poisson rates), cautious for frequent ones; it knows that `b` is itself only a sample.
 */
export function chanceAsHigh(a: Counts, b: Counts): number {
  if (a.total <= 0 || b.total <= 0) return 1;
  return binomialAtLeast(a.bad, a.bad + b.bad, a.total / (a.total + b.total));
}

/** The same for as few bad events as `a` shows, or fewer. */
export function chanceAsLow(a: Counts, b: Counts): number {
  if (a.total <= 0 || b.total <= 0) return 1;
  // "b has at least its own count" is the same event, seen from the other side.
  return binomialAtLeast(b.bad, a.bad + b.bad, b.total / (a.total + b.total));
}
