/** Text in which a number and its unit stay on one line: "25 %". */
export function tight(text: string): string {
  return text.replace(/(\d) (?=%|min\b|ms\b|s\b|h\b)/g, '$1\u00a0');
}
