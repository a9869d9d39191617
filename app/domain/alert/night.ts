/** Hours of the night by the clock on the wall: from 22:00 up to 07:00. */
const nightFrom = 22;
const nightTo = 7;

const formats = new Map<string, Intl.DateTimeFormat>();

/** True when people sleep at this moment (ms) in an IANA time zone. */
export function isNight(at: number, timeZone: string): boolean {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  const hour = Number(format.format(at));
  return hour >= nightFrom || hour < nightTo;
}
