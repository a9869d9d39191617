import { expect, test } from 'vitest';
import { buildCatalog } from '#app/catalog/build-catalog.ts';
import { readContent } from '#app/catalog/content-files.server.ts';
import { readPanicSet } from '#app/domain/panic/panic-set.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { reporter } from '#app/domain/yaml/validate.ts';
import { studioFolder } from '../../catalog/studio.ts';

const good = `apiVersion: firebreak/v1
kind: PanicSet
metadata: { name: speech, displayName: Speech back }
spec:
  why: Voices fail.
  environment: production
  members:
    - flag: voiceover-v2
    - service: voiceover
`;

function read(text: string) {
  const source = readYaml(text, 'flags/p.yaml').documents[0]!;
  const report = reporter(source);
  const set = readPanicSet(source, report);
  return { set, problems: report.problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

test('a good file becomes a set', () => {
  expect(read(good)).toEqual({
    problems: [],
    set: {
      name: 'speech',
      title: 'Speech back',
      why: 'Voices fail.',
      environment: 'production',
      members: [
        { kind: 'flag', name: 'voiceover-v2' },
        { kind: 'traffic', name: 'voiceover' },
      ],
    },
  });
});

test.each([
  ['a misspelt field', good.replace('members', 'memebers'), /^7:3 Unknown field "memebers" in spec\.$/],
  ['both a flag and a service', good.replace('- flag: v', '- service: x\n      flag: v'), /^8:7 A member is either/],
  ['neither', good.replace('- flag: voiceover-v2', '- {}'), /^8:7 A member is either/],
  [
    'a member twice',
    good.replace('service: voiceover', 'flag: voiceover-v2'),
    /^9:7 voiceover-v2 stands here twice\.$/,
  ],
  ['no member', good.replace(/members:[\s\S]*/, 'members: []\n'), /^7:12 A set without members/],
  ['no reason', good.replace('Voices fail.', '"x"'), /^5:8 Say in one sentence/],
])('%s is refused at its place', (_, text, problem) => {
  const { set, problems } = read(text);
  expect(set).toBeNull();
  expect(problems.filter((one) => problem.test(one))).toHaveLength(1);
});

test('names that do not exist are told with their place, and the rest of the set stands', async () => {
  const content = await readContent(studioFolder);
  const text = good
    .replace('voiceover-v2', 'voiceover-v3')
    .concat('    - service: moodboard\n    - flag: voiceover-fallback\n');
  const file = { folder: 'flags' as const, path: 'flags/p.yaml', text, digest: 'p' };
  const files = content.files.filter(({ path }) => path !== 'flags/panic-sets.yaml').concat(file);
  const { panicSets, problems } = buildCatalog({ ...content, files }, '2026-11-22');
  expect(panicSets?.map(({ members }) => members.map(({ name }) => name))).toEqual([
    ['voiceover', 'voiceover-fallback'],
  ]);
  expect(problems.map(({ line, column, message, hint }) => [line, column, message, hint])).toEqual([
    [8, 13, 'There is no flag "voiceover-v3".', 'Did you mean "voiceover-v2"?'],
    [10, 16, 'There is no Cloud Run service "moodboard".', expect.anything()],
  ]);
});
