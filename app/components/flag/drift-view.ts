import { type Drift, flagDrift } from '../../domain/flag/drift.ts';
import { type FileChange, fileChange } from '../../domain/flag/file-change.ts';
import type { FlagDeclaration, FlagState } from '../../domain/flag/flag.ts';
import { followFile } from '../../domain/flag/follow-file.ts';

/** Where a flag's file and Unleash differ, and what may be pressed to put back what the file says. */
export interface DriftView {
  rows: (Drift & { change: FileChange | null })[];
  /** Environments under whose rules something can be put back. */
  puttable: string[];
  /** Of the rows, how many a press does not reach: a person does those by hand in either place. */
  byHand: number;
}

/** Where nothing differs, or it is not known. */
export const noDrift: DriftView = { rows: [], puttable: [], byHand: 0 };

/** The drift of one flag for its page. `own` is the console's own environment. */
export function driftView(declared: FlagDeclaration | null, state: FlagState | null, own: string): DriftView {
  const drift = flagDrift(declared ? [declared] : [], state ? [state] : []);
  return {
    rows: drift.map((one) => ({ ...one, change: fileChange(one, declared, state) })),
    puttable: declared ? followFile(declared, state, own).map(({ environment }) => environment) : [],
    byHand: drift.filter(({ kind }) => kind === 'not declared' || kind === 'environment').length,
  };
}
