import { describeConstraint } from '../constraint-words.ts';
import { type Asker, isKnown, meets, timeOf } from './constraint.ts';
import { contextText } from './context.ts';
import type { ServedConstraint, ServedFeature, ServedFeatures, ServedStrategy, ServedVariant } from './features.ts';
import { enter, quote } from './strategy.ts';
import { type Choice, choose } from './variant.ts';

/** A variant as SDKs answer it. */
export interface VariantAnswer {
  name: string;
  payload?: unknown;
  enabled: boolean;
  feature_enabled: boolean;
}

/** Whether a context gets a flag, and why. */
export interface Explanation {
  /** Null when chance decides anew at each request: then `share` says how often it is on. */
  enabled: boolean | null;
  /** Null when chance decides. */
  variant: VariantAnswer | null;
  /** Share of requests that are on, percent; only where `enabled` is null. */
  share?: number;
  /** In the order an SDK looks. */
  reasons: string[];
}

/** What an SDK may answer: the chance of being on, and of each variant together with being on. */
interface Outcome {
  on: number;
  choices: Choice[];
}

/**
 * Answers for a flag as the Node SDK of Unleash does from the same document and context, and tells each thing it looked
 * at. Null when the document does not have the flag.
 */
export function explain(served: ServedFeatures, flag: string, asker: Asker): Explanation | null {
  const feature = served.features.get(flag);
  if (!feature) return null;
  const reasons: string[] = [];
  const { on, choices } = outcome(feature, { served, asker, say: (line) => void reasons.push(line) });
  if (on > 0 && on < 1) {
    const share = Math.round(on * 10_000) / 100;
    reasons.push(`Unknown: random per request; about ${share} % of requests are on.`);
    return { enabled: null, variant: null, share, reasons };
  }
  if (on === 0) return { enabled: false, variant: answer(null, false), reasons };
  const [first, ...others] = choices.filter(({ chance }) => chance > 0);
  const text = (choice: Choice | undefined) => JSON.stringify(answer(choice?.variant ?? null, true));
  const certain = others.every((other) => text(other) === text(first));
  return { enabled: true, variant: certain ? answer(first?.variant ?? null, true) : null, reasons };
}

function answer(variant: ServedVariant | null, on: boolean): VariantAnswer {
  if (!variant) return { name: 'disabled', enabled: false, feature_enabled: on };
  const { name, payload } = variant;
  return { name, ...(payload === undefined ? {} : { payload }), enabled: true, feature_enabled: on };
}

interface Look {
  served: ServedFeatures;
  asker: Asker;
  say(line: string): void;
}

function outcome(feature: ServedFeature, look: Look): Outcome {
  const allowed = parentsAllow(feature, look);
  if (!feature.enabled) look.say('The flag is switched off here.');
  if (allowed === 0 || !feature.enabled) return { on: 0, choices: [] };
  if (!feature.strategies) {
    look.say('The flag has no list of strategies: SDKs take it for off.');
    return { on: 0, choices: [] };
  }
  const choices: Choice[] = [];
  let left = 1;
  if (feature.strategies.length === 0) {
    look.say('The flag is on and has no strategy: everyone gets it.');
    choices.push(...flagVariants(feature, look));
    left = 0;
  }
  for (const [index, strategy] of feature.strategies.entries()) {
    if (left === 0) break;
    const title = strategy.title ? ` ${quote(strategy.title)}` : '';
    const name = `Strategy ${index + 1} of ${feature.strategies.length}, ${strategy.name}${title}`;
    const chance = admits(strategy, name, look);
    if (chance === 0) continue;
    for (const choice of strategyVariants(feature, strategy, look))
      choices.push({ ...choice, chance: choice.chance * chance * left });
    left *= 1 - chance;
  }
  if (left === 1) look.say('No strategy lets this context in.');
  return { on: allowed * (1 - left), choices: choices.map((each) => ({ ...each, chance: each.chance * allowed })) };
}

/** The chance that every parent is as this flag needs it. */
function parentsAllow(feature: ServedFeature, look: Look): number {
  let chance = 1;
  for (const { feature: name, enabled, variants } of feature.dependencies ?? []) {
    const parent = look.served.features.get(name);
    const about = `Parent ${quote(name)}`;
    if (!parent) look.say(`${about} is not in this file: a child of it is off.`);
    else if (parent.dependencies?.length)
      look.say(`${about} has a parent of its own: SDKs allow one level, so it is off.`);
    if (!parent || parent.dependencies?.length) return 0;
    const { on, choices } = outcome(parent, { ...look, say: (line) => look.say(`${about}: ${line}`) });
    const wanted = enabled !== false && variants?.length ? variants : null;
    const fits = wanted ? chanceOf(wanted, on, choices) : enabled === false ? 1 - on : on;
    const need = wanted ? `with variant ${wanted.join(' or ')}` : enabled === false ? 'off' : 'on';
    look.say(
      `${about} must be ${need}: ${fits === 1 ? 'it is' : fits === 0 ? 'it is not' : `by chance, ${percent(fits)}`}.`,
    );
    chance *= fits;
    if (chance === 0) return 0;
  }
  return chance;
}

/** Sums only where it must: thirds do not add up to 1. */
function chanceOf(wanted: readonly string[], on: number, choices: Choice[]): number {
  const fit = choices.filter(({ variant, chance }) => chance > 0 && wanted.includes(variant?.name ?? 'disabled'));
  const possible = choices.filter(({ chance }) => chance > 0).length;
  return fit.length === possible ? on : fit.reduce((sum, { chance }) => sum + chance, 0);
}

function admits(strategy: ServedStrategy, name: string, look: Look): number {
  for (const constraint of strategy.constraints ?? []) if (!holds(constraint, name, look)) return 0;
  for (const id of strategy.segments ?? []) {
    const segment = look.served.segments.get(id);
    if (!segment) {
      look.say(`${name}: segment ${id} is not in this file, so nobody is in it.`);
      return 0;
    }
    const inSegment = `${name}, segment ${segment.name ? quote(segment.name) : id}`;
    for (const constraint of segment.constraints ?? []) if (!holds(constraint, inSegment, look)) return 0;
  }
  const { chance, why } = enter(strategy, look.asker);
  look.say(`${name}: ${chance === 1 ? 'in: ' : chance === 0 ? 'not in: ' : ''}${why}.`);
  return chance;
}

function holds(constraint: ServedConstraint, name: string, look: Look): boolean {
  const met = meets(constraint, look.asker);
  const found = contextText(look.asker.context, constraint.contextName);
  const seen = !isKnown(constraint.operator)
    ? `SDKs know no operator ${constraint.operator}`
    : constraint.operator.startsWith('DATE_')
      ? `it is ${timeWords(timeOf(look.asker))}`
      : found === undefined
        ? `the context has no ${constraint.contextName}`
        : `it is ${quote(found)}`;
  // Unleash offers it, and SDKs differ.
  const note =
    constraint.caseInsensitive && /^(NOT_)?IN$/.test(constraint.operator) ? '; the Node SDK heeds case here' : '';
  look.say(`${name}: ${describeConstraint(constraint)}: ${met ? 'yes' : 'no'}, ${seen}${note}.`);
  return met;
}

function strategyVariants(feature: ServedFeature, strategy: ServedStrategy, look: Look): Choice[] {
  const variants = strategy.variants ?? [];
  const [first] = variants;
  if (!first) return flagVariants(feature, look);
  const { stickiness, groupId } = strategy.parameters ?? {};
  const { choices, why } = choose(
    variants,
    `${groupId}`,
    String(first.stickiness || (stickiness === undefined ? 'default' : stickiness)),
    look.asker.context,
  );
  look.say(`Variant of the strategy: ${why}.`);
  // Where the strategy's variants yield none, those of the flag are asked.
  return choices.flatMap((choice) => (choice.variant ? [choice] : flagVariants(feature, look)));
}

function flagVariants(feature: ServedFeature, look: Look): Choice[] {
  const variants = feature.variants ?? [];
  const [first] = variants;
  if (!first) return [{ variant: null, chance: 1 }];
  const { choices, why } = choose(variants, feature.name, first.stickiness ?? 'default', look.asker.context);
  look.say(`Variant: ${why}.`);
  return choices;
}

function timeWords(ms: number): string {
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? 'no time' : new Date(ms).toISOString();
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
