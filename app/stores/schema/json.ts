import type { ColumnType } from 'kysely';

/** JSON that is written as text and read as `T`. */
export type Json<T> = ColumnType<T, string, string>;
/** The same, or nothing. */
export type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>;
