/** How far a reader of the documents reaches: what it refuses, it says at its place in the file. */
export interface Reach {
  /** The longest rolling window, days. */
  days: number;
  /** Whether PromQL is taken of which nobody but a Prometheus server knows how many events it counts. */
  anyQuery: boolean;
  /** Whether the documents are a whole catalog, so that a name that none of them declares is an error. */
  whole: boolean;
}

/** The console: 35 days of counts, of a whole catalog. */
export const consoleReach: Reach = { days: 35, anyQuery: false, whole: true };

/** A file that is tried by itself: anything of the format. */
export const fileReach: Reach = { days: 366, anyQuery: true, whole: false };
