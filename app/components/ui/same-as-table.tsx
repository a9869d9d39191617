import type { ReactNode } from 'react';

/** A drawing's figures in words, behind a fold. The first column says when, the others are numbers. */
export function SameAsTable({
  columns,
  rows,
}: {
  columns: readonly string[];
  rows: readonly { key: number; cells: readonly ReactNode[] }[];
}) {
  return (
    <details className="fold">
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              {columns.map((name, i) => (
                <th key={name} className={i > 0 ? 'num' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((cell, i) => (
                  <td key={columns[i]} className={i > 0 ? 'num' : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
