import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildCatalog } from '#app/catalog/build-catalog.ts';
import { readContent } from '#app/catalog/content-files.server.ts';
import { studioFolder } from './studio.ts';

const all = await readContent(studioFolder);
// One runbook stands for all, and dashboards have a test of their own: 200 whole catalogs would take half a minute.
const studio = { ...all, files: all.files.filter(({ path }) => !/^runbooks\/(?!voiceover-burn)|\.json$/.test(path)) };

/** Things that break files: syntax, types, names that mean something to JavaScript, aliases, control characters. */
const splinter = fc.oneof(
  fc.constantFrom(
    '\t',
    '\n',
    '\r',
    ': ',
    '- ',
    '&a ',
    '*a',
    '<<: *a',
    '!!binary ',
    '!x ',
    '"',
    "'",
    '[',
    '{',
    '}',
    '|',
    '>',
    '---\n',
    '...\n',
    '%YAML 9.9\n',
    '# ',
  ),
  fc.constantFrom(
    'null',
    'true',
    '1e999',
    '.nan',
    '0x10',
    '__proto__: 1',
    'constructor: {}',
    '\u0000',
    '\u2028',
    '\ud800',
    '$'.concat('{{ inputs.flag }}'),
    '```',
    '<script>',
  ),
  fc.string({ maxLength: 12 }),
);

const mutation = fc.record({
  file: fc.nat(studio.files.length - 1),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(60),
  insert: splinter,
});

test('a damaged catalog is read: problems or a result, never a throw', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const files = studio.files.map((file) => ({ ...file }));
      for (const { file, at, cut, insert } of mutations) {
        const target = files[file]!;
        const start = Math.floor(target.text.length * at);
        target.text = target.text.slice(0, start) + insert + target.text.slice(start + cut);
      }
      const catalog = buildCatalog({ ...studio, files }, '2026-11-22');
      for (const problem of catalog.problems) {
        const lines = files.find(({ path }) => path === problem.file)!.text.split(/\r\n|\r|\n/).length;
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.line).toBeLessThanOrEqual(lines + 1);
        expect(problem.column).toBeGreaterThanOrEqual(1);
        expect(problem.message).not.toBe('');
      }
      // Whatever was kept holds together: each SLO has its service, profile and an objective under 100 %.
      const services = new Set(catalog.services.map(({ id }) => id));
      for (const slo of catalog.slos) {
        expect(services.has(slo.service)).toBe(true);
        expect(catalog.profiles[slo.id]).toBeDefined();
        expect(slo.objective).toBeLessThan(1);
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
