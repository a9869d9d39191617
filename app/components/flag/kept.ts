/** What was sent from a flag's page and refused: why, and its fields. */
export interface RefusedFlagForm {
  message: string;
  sent: Record<string, string>;
  /** True where it was not sent at all, since somebody had to sign in again: they come to the top of the page, and read it there. */
  notSent?: boolean;
}

/** The forms of one environment; those that turn the flag stand together. */
export type FlagFormName = 'turn' | 'ask' | 'later';

const forms: Record<string, FlagFormName> = {
  expose: 'turn',
  kill: 'turn',
  restore: 'turn',
  ask: 'ask',
  schedule: 'later',
};

/** The form that was refused, where the page has it: `shown` says so, by environment. Null where the page has it not. */
export function refusedForm(
  refused: RefusedFlagForm | null,
  shown: (form: FlagFormName, environment: string) => boolean,
): { form: FlagFormName; environment: string } | null {
  const { intent = '', environment = '' } = refused?.sent ?? {};
  const form = Object.hasOwn(forms, intent) ? forms[intent]! : null;
  return form && shown(form, environment) ? { form, environment } : null;
}
