import { expect, test } from 'vitest';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { wordsOf } from '#app/domain/runbook/words.ts';

const words = (text: string) => wordsOf(parseRunbook(text, 'a.md'));

test('are what a reader sees, once each', () => {
  const text =
    '# A **b**\n\na<c & "d" [e](f.md)\n\n```sh\nls > "x"\n```\n\n```yaml runbook-panel\nshow: flag\nflag: checkout\n```\n\n```yaml runbook-step\nid: s\ntitle: Ask them\nuses: manual\nwith: { ask: Well, outcomes: [yes-1, no-1] }\n```\n';
  expect(words(text)).toBe('A b a<c & "d" e sh ls > "x" checkout Ask them manual Well');
});

test('end where PostgreSQL would no longer index them', () => {
  expect(words('a '.repeat(200_000))).toHaveLength(100_000);
});
