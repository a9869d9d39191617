import type { ReactNode } from 'react';

export type Tone = 'plain' | 'bad' | 'warn' | 'ok' | 'info';

const signs: Record<Tone, string> = { plain: '', bad: '▲', warn: '!', ok: '✓', info: '' };

/** A word in a coloured lozenge; the sign says the same as the colour. */
export function Chip({
  tone = 'plain',
  wrap,
  title,
  children,
}: {
  tone?: Tone;
  wrap?: boolean;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={`chip ${tone === 'plain' ? '' : tone} ${wrap ? 'wrap' : ''}`} title={title}>
      {signs[tone] && <span aria-hidden="true">{signs[tone]}</span>}
      <span>{children}</span>
    </span>
  );
}
