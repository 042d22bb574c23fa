import { numberText } from '../../language/words.ts';
/** The same figures as the picture, for who reads them instead. */
export interface ChartTable {
  columns: readonly string[];
  /** The first cell names its row. */
  rows: readonly (readonly (string | number)[])[];
}

export function ChartTableView({ table, label }: { table: ChartTable; label: string }) {
  return (
    <div className="chart-table" role="region" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([name, ...cells], row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={column}>{typeof cell === 'number' ? numberText(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
