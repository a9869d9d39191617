import { type Figure, ratioOf } from './figure.ts';

const head = ['', 'work', 'ours', 'reference', 'ratio', 'reach', ''];

/** The figures as one table in Markdown: readable in a terminal and in `docs/benchmarks.md`. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.id,
    figure.work,
    amount(figure.ours, figure.unit),
    figure.reference ? `${amount(figure.reference.value, figure.unit)} ${figure.reference.what}` : '',
    ratioText(figure),
    figure.reach,
    figure.within === null ? '' : figure.within ? 'within' : 'NOT within',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function ratioText(figure: Figure): string {
  const ratio = ratioOf(figure);
  return ratio === null ? '' : `${ratio.toFixed(2)}×`;
}

function amount(value: number, unit: Figure['unit']): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit && unit !== '×' ? ' ' : ''}${unit}`;
}
