/** What a fence is by the second word of its info: one of ours, or text to copy. */
export type FenceKind = 'step' | 'panel' | 'text';

/** What the line that opens a fence says. `rest` is all that stands behind the language: other tools' titles and attributes. */
export interface Info {
  language: string;
  kind: FenceKind;
  second: string | null;
  rest: string;
}

/** Language and kind of a fence. Only the second word makes a fence act, so that the first still colours it on a Git host. */
export function readInfo(info: string): Info {
  const [first = '', second = null] = info.trim().split(/\s+/, 2);
  const kind = second === 'runbook-step' ? 'step' : second === 'runbook-panel' ? 'panel' : 'text';
  const language = /^[\w+#.-]{1,40}$/.test(first) ? first : '';
  return { language, kind, second, rest: info.trim().slice(language.length).trim() };
}

const consoles = new Set(['console', 'shell-session', 'shellsession', 'sh-session', 'bash-session']);

/** What the copy button copies: the fence itself, but without `$ ` prompts in a console block (`stripped` says so). */
export function copyText(language: string, content: string): { text: string; stripped: boolean } {
  if (!consoles.has(language.toLowerCase())) return { text: content, stripped: false };
  const text = content.replace(/^\$ /gm, '');
  return { text, stripped: text !== content };
}

/**
 * HTML of a fence with its copy button. `data-copy` is byte-equal to the fence (line ends are LF, since a carriage return
 * breaks a pasted command's continuation lines). `rest` of its info stands beside the language, so that nothing is lost.
 */
export function fenceHtml(language: string, content: string, encode: (text: string) => string, rest = ''): string {
  const shown = encode(content);
  const copy = copyText(language, content);
  const label = language ? `<span class="code-lang">${encode(language)}</span>` : '';
  const note = copy.stripped
    ? '<span class="code-note">Copies without the $ prompts</span>'
    : language.toLowerCase() === 'mermaid'
      ? '<span class="code-note">Diagram source</span>'
      : '';
  const more = rest ? `<span class="code-note">${encode(rest.slice(0, 200))}</span>` : '';
  const value = copy.stripped ? encode(copy.text) : shown;
  const marker = language ? ` class="language-${encode(language)}"` : '';
  return `<div class="code"><div class="code-bar">${label}${more}${note}<button type="button" class="copy" data-copy="${value}">Copy</button></div><pre tabindex="0"><code${marker}>${shown}</code></pre></div>\n`;
}
