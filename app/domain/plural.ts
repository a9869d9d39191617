/** "1 SLO", "2 SLOs"; `many` where the noun does not just take an s: "2 entries". Thousands are set apart: "1,204 pages". */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : many}`;
}
