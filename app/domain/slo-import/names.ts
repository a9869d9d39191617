import type { Path } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';

/**
 * `text` as a name of ours (lower-case letters, digits and dashes, up to 63), with a warning at `path` when it had to be
 * changed; null, with an error, when nothing of it is left.
 */
export function nameFrom(text: string, path: Path, report: Reporter): string | null {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  if (name === '') {
    report.error(path, `No name can be made of "${text}".`, 'Name it with letters and digits.');
    return null;
  }
  if (name !== text)
    report.warning(path, `"${text}" is called "${name}" here: names have lower-case letters, digits and dashes.`);
  return name;
}
