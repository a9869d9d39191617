import type { Plan } from '../run/run.ts';
import { defaultWords } from './default-strategies.ts';
import type { Beginning, DefinitionWrite } from './reconcile.ts';

const beginWords = ({ environment, strategies }: Beginning) =>
  `begins in ${environment} with ${defaultWords(strategies)}, and stays off`;

/** What a write of a definition changes, as lines of a plan. */
export function definitionDiff(write: DefinitionWrite): Plan['diff'] {
  switch (write.kind) {
    case 'create':
      return [
        { sign: '-', text: 'not in Unleash' },
        { sign: '+', text: `${write.type}, off everywhere: ${write.description || 'no description'}` },
        ...write.begins.map((one) => ({ sign: '+' as const, text: beginWords(one) })),
      ];
    case 'revive':
      return [
        { sign: '-', text: 'archived' },
        { sign: '+', text: 'there again, off everywhere' },
      ];
    case 'begin':
      return [
        { sign: '-', text: `no strategy in ${write.environment}` },
        { sign: '+', text: beginWords(write) },
      ];
    case 'define':
      return [...changed('type', write.seen.type, write.type), ...changed('description', ...textsOf(write))];
  }
}

function textsOf({ seen, description }: Extract<DefinitionWrite, { kind: 'define' }>): [string, string] {
  return [seen.description, description];
}

function changed(name: string, was: string, is: string): Plan['diff'] {
  if (was === is) return [];
  return [
    { sign: '-', text: `${name}: ${was || 'nothing'}` },
    { sign: '+', text: `${name}: ${is || 'nothing'}` },
  ];
}

/** What a write of a definition has done, in few words. */
export function definitionDone(write: DefinitionWrite): string {
  if (write.kind === 'create') return 'created, off everywhere';
  if (write.kind === 'revive') return 'revived, off everywhere';
  return write.kind === 'begin' ? beginWords(write) : 'type and description set';
}
