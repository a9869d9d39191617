/** Over how many days a comparison may reach. */
export const shadowDays = [7, 14, 30] as const;

/** Which comparison is wanted: everything of it stands in the address. */
export interface ShadowWish {
  days: (typeof shadowDays)[number];
  team: string;
  service: string;
  slo: string;
  /** Place of the first SLO of the page. */
  from: number;
}

/** Reads the wish; a number of days that is not offered is 30. */
export function readShadow(params: URLSearchParams): ShadowWish {
  const field = (name: string) => (params.get(name) ?? '').slice(0, 100);
  const from = Math.floor(Number(params.get('from')));
  return {
    days: shadowDays.find((days) => String(days) === params.get('days')) ?? 30,
    team: field('team'),
    service: field('service'),
    slo: field('slo'),
    from: Number.isSafeInteger(from) && from > 0 ? from : 0,
  };
}

/** The wish as an address's query. */
export function shadowQuery({ from, days, ...names }: ShadowWish): string {
  const said: [string, string][] = [['days', String(days)]];
  said.push(...Object.entries(names).filter(([, value]) => value !== ''));
  if (from > 0) said.push(['from', String(from)]);
  return `?${new URLSearchParams(said)}`;
}
