import { askedFields } from '../../domain/flag/evaluation/asked-fields.ts';
import { readContext } from '../../domain/flag/evaluation/context.ts';
import { type Explanation, explain } from '../../domain/flag/evaluation/explain.ts';
import { readFeatures } from '../../domain/flag/evaluation/features.ts';
import { tight } from '../ui/tight.ts';

/** The form "who gets it", with its answer when somebody was asked for. Everything of it stands in the address. */
export interface WhoView {
  /** When what SDKs are served was last read, and what the last failure said. */
  served: { at: number | null; error: string | null; errorAt: number | null };
  environments: string[];
  environment: string;
  /** The fields that the answer depends on, each with its name in the address, as they were filled in. */
  fields: { name: string; param: string; value: string }[];
  /** Why nobody can be asked for now. */
  unknown: string | null;
  /** A field that cannot be read, said in words. */
  wrong: string | null;
  /** What this asker gets, and each thing looked at; null while nobody was asked for. */
  answer: { text: string; on: boolean | null; reasons: string[] } | null;
}

const longest = 200;

/** Asks what SDKs are served in one environment, as `flag explain` does; null `served` where it was never read. */
export function whoGetsIt(
  flag: string,
  environments: string[],
  environment: string,
  params: URLSearchParams,
  served: { value: unknown; at: number | null; error: string | null; errorAt: number | null },
  now: number,
): WhoView {
  const { at, error, errorAt } = served;
  const blank = { served: { at, error, errorAt }, environments, environment, fields: [], wrong: null, answer: null };
  if (served.value === null) {
    const why = error ? `: ${error}` : '';
    return { ...blank, unknown: `What SDKs are served in ${environment} has not been read yet${why}.` };
  }
  const read = readFeatures(JSON.stringify(served.value), 'what SDKs are served', flag);
  if (!read.served) {
    return { ...blank, unknown: `SDKs are not told of it in ${environment}: they answer off, or their own fallback.` };
  }
  const fields = askedFields(read.served, flag).map((name) => {
    const param = `c.${name}`;
    return { name, param, value: (params.get(param) ?? '').slice(0, longest) };
  });
  const said = fields.filter(({ value }) => value !== '');
  const asks = said.length > 0 || params.has('ask');
  if (!asks) return { ...blank, fields, unknown: null };
  const text = JSON.stringify(Object.fromEntries(said.map(({ name, value }) => [name, value])));
  const { context, problems } = readContext(text, 'context');
  const wrong = context
    ? null
    : problems.map(({ message, hint }) => [message, hint].filter(Boolean).join(' ')).join(' ');
  const answer = context && explain(read.served, flag, { context: { environment, ...context }, now, host: null });
  return {
    ...blank,
    fields,
    unknown: null,
    wrong,
    answer: answer && { text: answerWords(answer), on: answer.enabled, reasons: answer.reasons },
  };
}

function answerWords({ enabled, variant, share }: Explanation): string {
  if (enabled === null) return tight(`by chance: on for about ${share} % of requests`);
  if (!enabled) return 'no: off';
  if (variant?.enabled) return `yes, variant ${variant.name}`;
  return variant === null ? 'yes, with a variant by chance' : 'yes';
}
