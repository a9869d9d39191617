const kinds = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  zone: { timeZoneName: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, kind: keyof typeof kinds): Intl.DateTimeFormat {
  const key = `${kind} ${zone}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...kinds[kind], timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

/** "03:24" in an IANA zone. Making a formatter is slow, so they are kept. */
export function clockText(at: number, zone: string): string {
  return formatter(zone, 'clock').format(at);
}

/** "Thu 12 Nov" in an IANA zone. */
export function dayText(at: number, zone: string): string {
  return formatter(zone, 'day').format(at).replace(',', '');
}

/** "2026-11-22 03:24:10 UTC". */
export function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Short name of a zone at a moment: "CET", "UTC". */
export function zoneText(at: number, zone: string): string {
  const parts = formatter(zone, 'zone').formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}
