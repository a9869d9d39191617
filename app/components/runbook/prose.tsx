import { type MouseEvent, useEffect, useRef } from 'react';

/** Text of a runbook, sanitised by the parser. Copy buttons and ticks work by one listener; ticks are kept in this browser under `memory`. */
export function Prose({ html, memory }: { html: string; memory: string }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const box of root.current?.querySelectorAll<HTMLInputElement>('input[data-tick]') ?? []) {
      const key = `${memory} ${box.dataset.tick}`;
      box.checked = localStorage.getItem(key) === '1';
      box.onchange = () => (box.checked ? localStorage.setItem(key, '1') : localStorage.removeItem(key));
    }
  }, [memory]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the clicks are those of real buttons inside, which the keyboard presses too
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      ref={root}
      className="prose"
      onClick={copy}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: rendered with html off and passed through the allow-list of domain/runbook/markdown/wall.ts
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

function copy(event: MouseEvent<HTMLDivElement>): void {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>('button.copy');
  if (!button) return;
  const say = (text: string) => {
    button.textContent = text;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  };
  navigator.clipboard?.writeText(button.dataset.copy ?? '').then(
    () => say('Copied'),
    () => say('Copy by hand'),
  );
}
