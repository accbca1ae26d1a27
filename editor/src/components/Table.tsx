import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  head: string
  cell: (row: Row) => ReactNode
  /** Numbers stand to the right. */
  number?: boolean
}

/** A table that turns into labelled cards on a narrow screen, so that nothing scrolls sideways. */
export function Table<Row>({ caption, columns, rows, keyOf }: {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row, index: number) => string | number
}) {
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>{columns.map((column) => <th key={column.key} scope="col" className={column.number ? 'number' : undefined}>{column.head}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={keyOf(row, index)}>
            {columns.map((column) => (
              <td key={column.key} data-head={column.head} className={column.number ? 'number' : undefined}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
