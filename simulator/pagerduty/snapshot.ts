import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PdState } from './model.ts';

const saveAfter = 100;

/** Keeps the state in `pagerduty.json` of a folder: read once, written soon after `touch` and at `close`, replaced whole. */
export function createSnapshot(folder: string): { state: PdState; touch(): void; close(): void } {
  const file = join(folder, 'pagerduty.json');
  const state = read(file);
  let timer: NodeJS.Timeout | null = null;
  const save = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  };
  return {
    state,
    touch() {
      timer ??= setTimeout(save, saveAfter);
    },
    close() {
      if (timer) save();
    },
  };
}

function read(file: string): PdState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PdState;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return { counter: 0, incidents: [], changeEvents: [], deliveries: [] };
  }
}
