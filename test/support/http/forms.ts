import type { z } from 'zod';
import { requestWish } from '#app/domain/flag/request-wishes.ts';
import { flagWish } from '#app/domain/flag/wishes.ts';
import { followUpWish } from '#app/domain/follow-up/wishes.ts';
import { freezeWish } from '#app/domain/freeze/wishes.ts';
import { incidentWish } from '#app/domain/incident/wishes.ts';
import { panicSetWish, panicWish } from '#app/domain/panic/wishes.ts';
import { drawWish, rolloutWish } from '#app/domain/rollout/wishes.ts';
import { runWish } from '#app/domain/run/wishes.ts';
import { silenceWish } from '#app/domain/silence/wishes.ts';
import { sloWish } from '#app/domain/slo/wishes.ts';

/** A form as a browser sends it. */
export type Form = Record<string, string>;

/** What a field of text is filled with; a new one that needs another value fails where the schema reads its form. */
const texts: Record<string, string> = {
  ...{ step: 'kill-flag', hash: 'x', change: 'c-flag', id: 'fu-1', percent: '25' },
  variants: 'blue 50, green 50',
};
const anyText = 'not needed';

/** All forms that a schema of wishes takes: one for each intent and each choice in it. Throws when one is not taken. */
export function formsIn(schema: z.ZodDiscriminatedUnion | z.ZodObject): Form[] {
  const objects = 'options' in schema ? (schema.options as z.ZodObject[]) : [schema];
  const forms = objects.flatMap((object) =>
    Object.entries(object.shape as Record<string, z.ZodType>).reduce<Form[]>(
      (made, [name, field]) =>
        made.flatMap((form) => valuesOf(name, field).map((value) => ({ ...form, [name]: value }))),
      [{}],
    ),
  );
  for (const form of forms) schema.parse(form);
  return forms;
}

function valuesOf(name: string, field: z.ZodType): string[] {
  const { def } = field as z.ZodType & {
    def: { type: string; values?: string[]; entries?: object; innerType?: z.ZodType };
  };
  if (def.innerType) return valuesOf(name, def.innerType);
  if (def.type === 'literal') return def.values ?? [];
  if (def.type === 'enum') return Object.values(def.entries ?? {});
  return [texts[name] ?? anyText];
}

/** What each route that acts can be sent, by its id: from its schema, or field by field where it reads them by hand. */
export const formsOf: Record<string, Form[]> = {
  'routes/follow-ups': formsIn(followUpWish),
  'routes/flags.$name': formsIn(flagWish),
  'routes/incidents.$id': formsIn(incidentWish),
  'routes/runs.$id': formsIn(runWish).map((form) => ({ ...form, from: 'incident' })),
  'routes/runbooks.$slug': [{ 'input.flag': 'voiceover-v2', incident: 'inc-1' }],
  'routes/change-requests': formsIn(requestWish),
  'routes/panic._index': formsIn(panicSetWish),
  'routes/panic.$id': formsIn(panicWish),
  'routes/freezes': formsIn(freezeWish),
  'routes/rollouts.$id': formsIn(rolloutWish),
  'routes/rollouts.new': formsIn(drawWish),
  'routes/silences._index': formsIn(silenceWish),
  'routes/slos.$id': formsIn(sloWish),
  'routes/services.$id': [{ intent: 'latest' }, { notice: 'flag/voiceover-v2' }],
};

/** The same of all routes, and what no form says. */
export const allForms: Form[] = [{}, { intent: 'nonsense' }, ...Object.values(formsOf).flat()];

/** Names of the fields that an action takes from its form by itself, beside its schema. */
export function readByHand(source: string): string[] {
  return [...source.matchAll(/formData\(\)\)\.get\('([\w.-]+)'\)|\bvalues\.(\w+)/g)].map(
    ([, got, value]) => got ?? value!,
  );
}
