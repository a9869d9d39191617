import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyText } from '#app/domain/runbook/markdown/fences.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { copies, render, unescapeHtml } from './html.ts';

/** A line that cannot end a fence of four tildes; NUL is U+FFFD by CommonMark, and line ends are ours. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replace(/[\r\n\0\u2028\u2029]/g, ' '))
  .filter((text) => !text.trim().startsWith('~~~~') && !text.startsWith('\t'));

describe('the copy button', () => {
  it('copies exactly the fence, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const content = lines.map((text) => `${text}\n`).join('');
        const html = render(`~~~~sh\n${content}~~~~\n`);
        expect(copies(html)).toEqual([content]);
        expect(unescapeHtml(/<code[^>]*>([^<]*)<\/code>/.exec(html)![1]!)).toBe(content);
      }),
      { numRuns: 300 },
    );
  });

  it('copies the fence and not its indentation', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const indented = lines.map((text) => `   ${text}\n`).join('');
        const content = lines.map((text) => `${text}\n`).join('');
        const found = copies(render(`1. step\n\n   ~~~~\n${indented}   ~~~~\n`));
        // Lines of nothing but spaces may lose some of them: CommonMark calls them blank.
        expect(found.map((text) => text.replace(/^[^\S\n]+$/gm, ''))).toEqual([content.replace(/^[^\S\n]+$/gm, '')]);
      }),
    );
  });

  it('copies the same from any place that holds a fence, with any line ends', () => {
    const places: ((lines: string[]) => string)[] = [
      (lines) => lines.join('\n'),
      (lines) => lines.map((text) => `> ${text}`).join('\n'),
      (lines) => lines.map((text) => `> > ${text}`).join('\n'),
      (lines) => ['- a', '', ...lines.map((text) => `  ${text}`)].join('\n'),
      (lines) => lines.map((text, index) => (index === 0 ? `10. ${text}` : `    ${text}`)).join('\n'),
      (lines) => ['1. a', '   - b', ...lines.map((text) => `     ${text}`)].join('\n'),
      (lines) => ['<details>', '<summary>s</summary>', '', ...lines, '', '</details>'].join('\n'),
      (lines) => ['---', 'title: x', '---', '', 'text', ...lines, 'text'].join('\n'),
      (lines) => lines.slice(0, -1).join('\n').concat('\n'),
    ];
    const marks = fc.constantFrom('~~~~', '````', '~~~~~~');
    const text = line.filter((each) => !each.trim().startsWith('````') && each.trim() !== '');
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        marks,
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (place, mark, lines, ends, bom) => {
          const markdown = place([`${mark}sh x="y"`, ...lines, mark]).replaceAll('\n', ends);
          const html = render((bom ? '\ufeff' : '') + markdown);
          const content = lines.map((each) => `${each}\n`).join('');
          expect(copies(html)).toEqual([content]);
          expect(unescapeHtml(/<code[^>]*>([^<]*)<\/code>/.exec(html)![1]!)).toBe(content);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says where a NUL is, since Markdown has none', () => {
    const { problems } = parseRunbook('a\n\n```sh\nx \0\n```\n', 'v.md');
    expect(problems).toMatchObject([{ severity: 'warning', line: 4, column: 3 }]);
    expect(copies(render('```sh\nx \0\n```\n'))).toEqual(['x \ufffd\n']);
  });

  it('strips prompts in console blocks only, and says so', () => {
    const console = render('```console\n$ ls\nfile\n$ cd /\n```');
    expect(copies(console)).toEqual(['ls\nfile\ncd /\n']);
    expect(console).toContain('Copies without the $ prompts');
    expect(console).toContain('$ ls\nfile');
    const bash = render('```bash\n$ ls\n```');
    expect(copies(bash)).toEqual(['$ ls\n']);
    expect(bash).not.toContain('prompts');
    expect(render('```console\nls\n```')).not.toContain('prompts');
  });

  it('leaves a dollar that is no prompt', () => {
    expect(copyText('console', '$ echo $HOME\n  $ indented\n$no\n').text).toBe('echo $HOME\n  $ indented\n$no\n');
  });
});
