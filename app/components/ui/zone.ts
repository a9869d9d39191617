/** The time zone that this browser told in its cookie, null for none or for what is no IANA zone. */
export function zoneOf(cookie: string | null): string | null {
  const told = /(?:^|;\s*)zone=([\w%/+-]{1,80})/.exec(cookie ?? '')?.[1];
  if (told === undefined) return null;
  try {
    const zone = decodeURIComponent(told);
    // Throws where it is no zone. The browser's own name for it is kept: engines differ in which alias they prefer.
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return null;
  }
}

/** The cookie by which the next page is drawn in the browser's zone from its first line on. */
export function zoneCookie(zone: string): string {
  return `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
}
