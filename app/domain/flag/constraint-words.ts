const operators: Record<string, [is: string, not: string]> = {
  IN: ['is', 'is not'],
  NOT_IN: ['is not', 'is'],
  STR_STARTS_WITH: ['starts with', 'does not start with'],
  STR_ENDS_WITH: ['ends with', 'does not end with'],
  STR_CONTAINS: ['contains', 'does not contain'],
  NUM_EQ: ['=', '≠'],
  NUM_GT: ['>', '≤'],
  NUM_GTE: ['≥', '<'],
  NUM_LT: ['<', '≥'],
  NUM_LTE: ['≤', '>'],
  DATE_AFTER: ['is after', 'is not after'],
  DATE_BEFORE: ['is before', 'is not before'],
  SEMVER_EQ: ['is version', 'is not version'],
  SEMVER_GT: ['is above version', 'is not above version'],
  SEMVER_GTE: ['is at least version', 'is below version'],
  SEMVER_LT: ['is below version', 'is not below version'],
  SEMVER_LTE: ['is at most version', 'is above version'],
  REGEX: ['matches', 'does not match'],
  IN_CIDR: ['is in the network', 'is not in the network'],
};

/** A constraint in words: "country is DK or SE", "plan does not start with free". */
export function describeConstraint(constraint: unknown): string {
  const { contextName, operator, values, value, inverted } = constraint as {
    contextName?: string;
    operator?: string;
    values?: string[] | null;
    value?: string | number | null;
    inverted?: boolean | null;
  };
  const [is, not] = operators[operator ?? ''] ?? [operator ?? 'meets', `not ${operator ?? 'meets'}`];
  const all = values && values.length > 0 ? values : [String(value ?? '') || 'nothing'];
  const shown = all.length > 3 ? `one of ${all.length} values` : all.join(' or ');
  return `${contextName ?? 'a property'} ${inverted ? not : is} ${shown}`;
}
