import { sql } from 'kysely';

/**
 * A row of `table` as one JSON value in the column `row`. Unlike `select *` its type stays when a migration adds a column, so that
 * a process which still runs may have prepared it.
 */
export const wholeRow = <T>(table: string) => sql<T>`row_to_json(${sql.table(table)})`.as('row');
