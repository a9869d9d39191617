import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { KeysHelp } from '#app/components/shell/keys-help.tsx';
import { goKeys } from '#app/components/shell/links.tsx';
import { textOf } from '../../support/pages/visit.ts';

test('every key that goes to a page stands in the list, no two alike, none that is a key of its own', () => {
  const text = textOf(renderToString(createElement(KeysHelp, { onClose: () => undefined })));
  expect(goKeys.size).toBe(15);
  for (const [key, page] of goKeys) expect(text).toContain(`g ${key} ${page.text}`);
  expect([...goKeys.keys()].filter((key) => ['g', 'j', 'k', '/', '?'].includes(key))).toEqual([]);
  for (const part of ['/ The same', 'j Next row', 'k Row before', '? This list']) expect(text).toContain(part);
});
