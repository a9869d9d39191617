import { describe, expect, test } from 'vitest';
import { namedDependency } from '#app/domain/incident/named-dependency.ts';

const dependencies = [
  { id: 'brand-brain', title: 'Brand Brain' },
  { id: 'speech-provider', title: 'Speech provider' },
];
const lines = (...after: [string, number][]) => ({
  onset: 0,
  before: [],
  after: after.map(([message, count]) => ({ message, count })),
});

describe('a dependency that error lines name', () => {
  test('is the one in most of them, by id or by title', () => {
    const read = lines(
      ['POST /v1/synthesize · 503 · speech-provider answered 503', 225],
      ['POST /v1/synthesize · 504 · Speech Provider did not answer', 174],
      ['GET /v1/voices · 500 · unexpected end', 1],
    );
    expect(namedDependency(read, dependencies)).toEqual({ id: 'speech-provider', lines: 399, of: 400 });
  });

  test('is none when most lines speak of something else, or there are only a few', () => {
    const mixed = lines(['TypeError: takes', 200], ['speech-provider answered 503', 90]);
    expect(namedDependency(mixed, dependencies)).toBeNull();
    expect(namedDependency(lines(['speech-provider answered 503', 3]), dependencies)).toBeNull();
    expect(namedDependency(null, dependencies)).toBeNull();
  });

  test('is not found inside a longer name', () => {
    const other = lines(['old-speech-provider answered 503', 50]);
    expect(namedDependency(other, dependencies)).toBeNull();
  });
});
