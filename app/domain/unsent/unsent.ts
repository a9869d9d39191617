/** A form that was typed and not sent: acting asked for a sign-in first. */
export interface UnsentForm {
  /** The page where it stands again, path only. */
  path: string;
  /** Its fields by name, those that tell forms of one page apart among them. */
  fields: [name: string, value: string][];
  /** True where something was too long to be kept. */
  cut: boolean;
}

/** How long such a form waits for its person, wall ms. */
export const unsentFor = 15 * 60_000;

/** Characters of all values together that are worth packing, and fields: no page has as many. */
const longest = 20_000;
const mostFields = 200;

/** Bound to what a page showed: the fresh page has its own. */
const bound = ['hash', 'epoch'];
/** What a person says they know or read: said again each time. */
const saidEachTime = ['acknowledged', 'acknowledgePage', 'blind'];
const secret = /password|token|secret|csrf/i;

/** What of a form may wait: no secret, no file, nothing that is bound to the page as it was, no "I know". The longest go first where it is too much. */
export function fieldsToKeep(form: Iterable<[string, unknown]>): { fields: [string, string][]; cut: boolean } {
  const all = [...form].flatMap(([name, value]): [string, string][] => {
    const kept = typeof value === 'string' && ![...bound, ...saidEachTime].includes(name) && !secret.test(name);
    return kept ? [[name, value]] : [];
  });
  let fields = all.slice(0, mostFields);
  while (fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > longest) {
    fields = withoutLongest(fields);
  }
  return { fields, cut: fields.length < all.length };
}

/** The same fields but for the one with the most characters. */
export function withoutLongest(fields: [string, string][]): [string, string][] {
  const most = Math.max(...fields.map(([, value]) => value.length));
  const at = fields.findIndex(([, value]) => value.length === most);
  return fields.toSpliced(at, 1);
}

/** Why such a form stands there, in one line. */
export function unsentWords({ cut }: Pick<UnsentForm, 'cut'>): string {
  return cut
    ? 'Acting asked for your sign-in first; nothing was sent yet. Part of it was too long to keep: type that again, then send it.'
    : 'Acting asked for your sign-in first; nothing was sent yet. Check and send it.';
}
