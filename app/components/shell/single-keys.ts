const key = 'single-keys';

/** False when this browser was told to leave keys without ⌘ or Ctrl alone: speech input and tremor press them by accident. */
export function singleKeysOn(): boolean {
  return localStorage.getItem(key) !== 'off';
}

/** Keeps the choice in this browser. */
export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(key);
  else localStorage.setItem(key, 'off');
}
