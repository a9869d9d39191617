/** What kind of thing a mark stands for; each has a shape, a colour and a word. */
export type SignKind = 'flag' | 'deploy' | 'page' | 'run' | 'other';

/** Paths in a 12 × 12 box, used by rows and by the chart. */
const signPaths: Record<SignKind, string> = {
  flag: 'M2.5 1v10.5M2.5 1.5h7l-2 2.6 2 2.6h-7z',
  deploy: 'M6 .8 11.2 6 6 11.2.8 6z',
  page: 'M6 1.2 11.4 10.8H.6z',
  run: 'M1.5 6.4 4.6 9.5 10.6 2.8',
  other: 'M6 2a4 4 0 1 0 .01 0z',
};

const words: Record<SignKind, string> = {
  flag: 'Flag',
  deploy: 'Deployment',
  page: 'Page',
  run: 'Firebreak run',
  other: 'Change',
};

/** A small mark in its colour, named for those who do not see it. */
export function Sign({ kind }: { kind: SignKind }) {
  return (
    <svg className={`sign c-${kind}`} viewBox="0 0 12 12" role="img" aria-label={words[kind]}>
      <SignPath kind={kind} />
    </svg>
  );
}

/** The bare path, for use inside another drawing. */
export function SignPath({ kind }: { kind: SignKind }) {
  return (
    <path
      d={signPaths[kind]}
      fill={kind === 'run' ? 'none' : 'currentColor'}
      stroke="currentColor"
      strokeWidth={kind === 'run' ? 1.8 : 1}
      strokeLinejoin="round"
    />
  );
}
