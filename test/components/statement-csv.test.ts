import { expect, test } from 'vitest';
import { csvHead, csvLine } from '#app/components/statement/csv.ts';
import { sliText, statementChip } from '#app/components/statement/figures.ts';
import type { StatementRow } from '#app/components/statement/lines.ts';
import { namedMonth } from '#app/domain/slo/statement-month.ts';

const month = namedMonth('2026-10', 'Europe/Berlin')!;
const row: StatementRow = {
  id: 'answers',
  title: 'Voice, "always"',
  service: 'voice',
  team: '=media',
  objective: 0.999,
  from: month.from,
  to: month.to,
  state: 'missed',
  bad: 12,
  total: 9_000,
  sli: 1 - 12 / 9_000,
  allowed: 9,
  budgetRemaining: -1 / 3,
  budgetSoFar: -1 / 2,
  coverage: 0.5,
  unknownMinutes: 90,
  evaluated: true,
  indicatorChangedAt: month.to - 1_000,
  incidents: 2,
  incidentMs: 90_000,
  corrected: { state: 'kept', bad: 9, total: 9_000, sli: 0.999, budgetRemaining: 0, budgetSoFar: -0.1, count: 1 },
};

test('a line has every figure, quoted where it must be, and no text is a formula', () => {
  expect(csvLine(row, month)).toBe(
    `2026-10,Europe/Berlin,answers,"Voice, ""always""",voice,'=media,99.9,2026-09-30T22:00:00.000Z,2026-10-31T23:00:00.000Z,` +
      'missed,9000,12,99.866667,9,-33.333333,-50,50,90,2,2,1,9000,9,99.9,0,-10,events,2026-10-31T22:59:59.000Z\r\n',
  );
  expect(csvHead().split(',').length).toBe(28);
});

test('what has no figure has an empty cell', () => {
  const line = csvLine(
    {
      ...row,
      title: 'plain',
      sli: null,
      allowed: null,
      budgetRemaining: null,
      budgetSoFar: null,
      team: null,
      corrected: null,
      indicatorChangedAt: null,
    },
    month,
  );
  expect(line).toContain(',voice,,99.9,');
  expect(line).toContain(',9000,12,,,,,50,');
  expect(line).toMatch(/,0,,,,,,events,\r\n$/);
});

test('what was reached is never rounded up to what was promised', () => {
  expect(sliText(0.99899999, 0.999)).toBe('99.899 %');
  expect(sliText(0.999, 0.999)).toBe('99.900 %');
  expect(sliText(0.9994999, 0.9995)).toBe('99.9499 %');
  expect(sliText(1, 0.99)).toBe('100.00 %');
  expect(sliText(null, 0.99)).toBe('no events');
});

test('a month that is not measured as a whole is not called kept without saying so', () => {
  const of = (state: StatementRow['state'], coverage: number) => statementChip({ ...row, state, coverage });
  expect(of('kept', 1)).toEqual({ text: 'kept', tone: 'ok' });
  expect(of('kept', 0.43)).toEqual({ text: 'kept, as far as measured', tone: 'warn' });
  expect(of('missed', 0.43)).toEqual({ text: 'missed, as far as measured', tone: 'bad' });
  expect(of('goes-on', 0.43).text).toBe('goes on, budget gone');
});
