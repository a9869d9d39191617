import { duration } from '../../ui/duration.ts';

/** Something that the console knew when the pages were written: `at` is when it was read, `age` how old it was then. Ms. */
export interface LastSeen<T> {
  value: T;
  at: number;
  age: number;
}

/** When something was read, and how old it was when the page was written. */
export function SeenAt({ seen: { at, age } }: { seen: LastSeen<unknown> }) {
  const time = new Date(at).toISOString();
  return (
    <p className="panel-note">
      Read {time.slice(0, 10)} {time.slice(11, 16)} UTC, {duration(age)} before this page was written. It may have
      changed.
    </p>
  );
}
