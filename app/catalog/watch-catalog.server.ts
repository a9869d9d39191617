import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../domain/catalog.ts';
import { contentFolders, contentSignature } from './content-files.server.ts';
import { readCatalog } from './read-catalog.server.ts';

/** A running watch; `close` ends it and resolves when no read is under way any more. */
export interface CatalogWatch {
  close(): Promise<void>;
}

/** Timings of a watch, wall ms: how long a burst of events is waited out, and how often it looks without any event. */
export interface WatchOptions {
  settleMs?: number;
  pollMs?: number;
  /** How it reads the catalog; plainly, unless told otherwise. */
  read?: () => Promise<Catalog>;
  /** Hears of an error thrown by `onChange`; the watch goes on. */
  onError?: (error: unknown) => void;
}

/**
 * Calls `onChange` with the new catalog within a second of a change of its files, once per change of their bytes.
 * Events of the file system give the hint; a look at names, sizes and times catches what they miss (network drives,
 * mounted configuration). `since` is the digest of the catalog that the caller already has.
 */
export function watchCatalog(
  dir: string,
  since: string,
  onChange: (catalog: Catalog) => void,
  { settleMs = 120, pollMs = 700, read = () => readCatalog(dir), onError = () => {} }: WatchOptions = {},
): CatalogWatch {
  let digest = since;
  let signature: string | null = null;
  let closed = false;
  let reading = Promise.resolve();
  let soon: ReturnType<typeof setTimeout> | null = null;

  const look = async () => {
    const seen = await contentSignature(dir);
    if (closed || seen === signature) return;
    const catalog = await read();
    // Taken before the read: what is written while we read shows as another change at the next look.
    signature = seen;
    if (closed || catalog.digest === digest) return;
    digest = catalog.digest;
    onChange(catalog);
  };
  const enqueue = () => {
    reading = reading.then(look).catch(onError);
  };
  const hint = () => {
    if (soon) clearTimeout(soon);
    soon = setTimeout(enqueue, settleMs);
  };
  const watchers = [dir, ...contentFolders.map(({ folder }) => join(dir, folder))].flatMap((path) => open(path, hint));
  const timer = setInterval(enqueue, pollMs);
  timer.unref();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      if (soon) clearTimeout(soon);
      for (const watcher of watchers) watcher.close();
      await reading;
    },
  };
}

/** A watcher of one folder, or none where the folder or the system cannot be watched: the timer looks anyway. */
function open(path: string, hint: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, hint);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
