import { expect, test } from 'vitest';
import { runbookText } from '#app/components/runbook/runbook-text.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';

const textOf = (markdown: string) => runbookText(parseRunbook(markdown, 'a.md'), '2026-11-22');

test("the page's head stands in place of a first H1 that says the same, and keeps its anchor", () => {
  const text = textOf('# Stop & `go`\n\nNow.\n');
  expect(text).toMatchObject({ title: 'Stop & go', titleAnchor: 'stop--go' });
  expect(text.blocks).toEqual([{ kind: 'html', html: '\n<p>Now.</p>\n', section: null }]);
});

test.each([
  ['another title', '---\ntitle: Other\n---\n\n# Stop\n'],
  ['text above it', 'Now.\n\n# Stop\n'],
  ['a smaller heading', '## Stop\n'],
  ['no letter in it', '# !!!\n'],
])('an H1 with %s stays', (_what, markdown) => {
  const text = textOf(markdown);
  expect(text.titleAnchor).toBeNull();
  expect(text.blocks).toEqual(parseRunbook(markdown, 'a.md').blocks);
});

test('headings of the second level are the tabs', () => {
  expect(textOf('# A\n\n## B\n\n### C\n\n## B\n\n## !\n').tabs).toEqual([
    { text: 'B', anchor: 'b' },
    { text: 'B', anchor: 'b-1' },
  ]);
});
