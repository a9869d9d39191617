// Plain JavaScript: the bootstrap needs it before anything is installed, under whatever Node is first on PATH.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A lock that is older was left by a process that is gone, whoever has its id by now; ms. */
const leftMs = 15 * 60_000;

/**
 * Does `work` while no other process on this machine does what `file` stands for; waits for it, and says so once.
 * @template T
 * @param {string} file the lock, below the checkout
 * @param {() => T} work
 * @param {(pid: number) => void} [waiting] hears once whom it waits for
 * @returns {T}
 */
export function oneAtATime(file, work, waiting) {
  mkdirSync(dirname(file), { recursive: true });
  for (let said = false; !taken(file); ) {
    const holder = holderOf(file);
    if (holder === null) {
      rmSync(file, { force: true });
      continue;
    }
    if (!said) waiting?.(holder);
    said = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function taken(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Who holds it; null when nobody does any more.
 * @param {string} file
 */
function holderOf(file) {
  try {
    const { mtimeMs } = statSync(file);
    const pid = Number(readFileSync(file, 'utf8'));
    if (Date.now() - mtimeMs > leftMs) return null;
    // Between being made and being written it is empty.
    if (!pid) return 0;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return code === 'EPERM' ? 0 : null;
  }
}
