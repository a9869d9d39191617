import { expect, test } from 'vitest';
import { byApplication, evaluatedBy, type FlagHour } from '#app/domain/flag/usage.ts';

const hour = 3_600_000;

function at(index: number, application: string, yes: number, no: number, over: Partial<FlagHour> = {}): FlagHour {
  return { application, environment: 'production', hour: index * hour, yes, no, variants: {}, ...over };
}

test('who asked in the running hour or the one before evaluates it', () => {
  const hours = [at(8, 'old', 5, 0), at(9, 'late', 1, 0), at(10, 'now', 0, 3), at(10, 'silent', 0, 0)];
  expect(evaluatedBy(hours, 10 * hour + 1)).toEqual(['late', 'now']);
});

test('hours are put together per application and environment', () => {
  const hours = [
    at(9, 'shop', 5, 1, { variants: { blue: 5 } }),
    at(10, 'shop', 2, 0, { variants: { blue: 1, red: 1 } }),
    at(10, 'shop', 1, 0, { environment: 'development' }),
    at(10, 'films', 90, 9),
  ];
  const all = byApplication(hours);
  expect(all.map(({ application, environment, yes, no }) => [application, environment, yes, no])).toEqual([
    ['films', 'production', 90, 9],
    ['shop', 'production', 7, 1],
    ['shop', 'development', 1, 0],
  ]);
  expect(all[1]!.variants).toEqual({ blue: 6, red: 1 });
  expect(all[1]!.hours.map((each) => each.hour / hour)).toEqual([10, 9]);
});
