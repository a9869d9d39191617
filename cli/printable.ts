/** A line whose names come from files or other systems: control characters, written out, must not steer the terminal. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
