import { expect, test } from 'vitest';
import { zoneCookie, zoneOf } from '#app/components/ui/zone.ts';

test.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5'])(
  '%s told in the cookie is read again',
  (zone) => {
    const pair = zoneCookie(zone).split(';')[0]!;
    expect(zoneOf(`theme=dark; ${pair}; styles=app.css`)).toBe(zone);
  },
);

test.each([null, '', 'theme=dark', 'zone=', 'zone=Mars%2FOlympus', 'zone=%E0%A4%A', 'zone=<b>', 'timezone=UTC'])(
  'a cookie of %j names no zone',
  (cookie) => {
    expect(zoneOf(cookie)).toBeNull();
  },
);
