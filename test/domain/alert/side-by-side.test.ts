import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leadOf, type Stretch, sideBySide } from '#app/domain/alert/side-by-side.ts';
import { monday } from '../slo/make.ts';

const min = 60_000;
const now = monday + 30 * 24 * 60 * min;
const at = (id: string, from: number, to: number | null): Stretch => ({
  id,
  from: monday + from * min,
  to: to === null ? null : monday + to * min,
});
const match = (pages: Stretch[], incidents: Stretch[]) =>
  sideBySide(pages, incidents, () => true, now).map((each) => [
    each.pages.map(({ id }) => id).join(' '),
    each.incidents.map(({ id }) => id).join(' '),
  ]);

describe('a page and an incident are beside each other', () => {
  test('when they overlap, or lie within 10 minutes, and not a minute later', () => {
    expect(match([at('p', 0, 20)], [at('i', 15, 60)])).toEqual([['p', 'i']]);
    expect(match([at('p', 0, 20)], [at('i', 30, 60)])).toEqual([['p', 'i']]);
    expect(match([at('p', 40, 60)], [at('i', 0, 30)])).toEqual([['p', 'i']]);
    expect(match([at('p', 0, 20)], [at('i', 31, 60)])).toEqual([
      ['p', ''],
      ['', 'i'],
    ]);
  });

  test('what flaps beside one incident is one episode, and so is one page beside two incidents', () => {
    expect(match([at('a', 0, 5), at('b', 40, 50)], [at('i', 2, 60)])).toEqual([['a b', 'i']]);
    expect(match([at('p', 0, 60)], [at('i', 2, 10), at('j', 40, 50)])).toEqual([['p', 'i j']]);
  });

  test('two pages without an incident between them stay two', () => {
    expect(match([at('a', 0, 5), at('b', 4, 9)], [])).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  test('an incident that nobody closed does not swallow the pages of the days after its first', () => {
    const day = 24 * 60;
    expect(match([at('a', 5, 9), at('b', 3 * day, 3 * day + 9)], [at('i', 0, null)])).toEqual([
      ['a', 'i'],
      ['b', ''],
    ]);
  });
});

test('the lead is from the first page to the first incident, negative when it came later', () => {
  const lead = (page: number, incident: number) =>
    leadOf(sideBySide([at('p', page, page + 60)], [at('i', incident, incident + 60)], () => true, now)[0]!);
  expect([lead(0, 6), lead(6, 0)]).toEqual([6 * min, -6 * min]);
  expect(leadOf({ pages: [at('p', 0, 1)], incidents: [] })).toBeNull();
});

describe('for any pages and incidents', () => {
  const stretches = (name: string) =>
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.option(fc.integer({ min: 0, max: 40 }))), { maxLength: 14 })
      .map((list) => list.map(([from, length], index) => at(`${name}${index}`, from, length && from + length)));
  const both = fc.tuple(stretches('p'), stretches('i'));

  test('each is in exactly one episode, whatever the order they come in', () => {
    fc.assert(
      fc.property(both, fc.infiniteStream(fc.nat()), ([pages, incidents], noise) => {
        const shuffled = <T>(list: T[]) =>
          list
            .map((each) => [noise.next().value as number, each] as const)
            .sort(([a], [b]) => a - b)
            .map(([, each]) => each);
        const found = match(pages, incidents);
        const ids = (place: 0 | 1) =>
          found.flatMap((each) => (each[place] as string).split(' ').filter((id) => id !== '')).sort();
        expect(ids(0)).toEqual(pages.map(({ id }) => id).sort());
        expect(ids(1)).toEqual(incidents.map(({ id }) => id).sort());
        expect(new Set(match(shuffled(pages), shuffled(incidents)).map(String))).toEqual(new Set(found.map(String)));
      }),
    );
  });

  test('exchanging the two lists exchanges their places, and turns the lead round', () => {
    fc.assert(
      fc.property(both, ([pages, incidents]) => {
        const there = sideBySide(pages, incidents, () => true, now);
        const back = sideBySide(incidents, pages, () => true, now);
        const key = (a: Stretch[], b: Stretch[]) => `${a.map(({ id }) => id)}|${b.map(({ id }) => id)}`;
        expect(new Set(there.map((each) => key(each.pages, each.incidents)))).toEqual(
          new Set(back.map((each) => key(each.incidents, each.pages))),
        );
        const sum = (list: typeof there) => list.reduce((all, each) => all + (leadOf(each) ?? 0), 0);
        expect(sum(there) + sum(back)).toBe(0);
      }),
    );
  });

  test('an episode holds together: everything in it is within reach of something of the other kind', () => {
    fc.assert(
      fc.property(both, ([pages, incidents]) => {
        const near = (a: Stretch, b: Stretch) =>
          a.from <= (b.to ?? now) + 10 * min && b.from <= (a.to ?? now) + 10 * min;
        for (const each of sideBySide(pages, incidents, () => true, now)) {
          if (each.incidents.length === 0) expect(each.pages).toHaveLength(1);
          else if (each.pages.length === 0) expect(each.incidents).toHaveLength(1);
          else for (const page of each.pages) expect(each.incidents.some((one) => near(page, one))).toBe(true);
          const apart = incidents.filter((one) => !each.incidents.includes(one));
          for (const page of each.pages) expect(apart.some((one) => near(page, one))).toBe(false);
        }
      }),
    );
  });
});
