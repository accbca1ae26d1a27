import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  head: string
  cell: (row: Row) => ReactNode
  /** Numbers stand to the right. */
  number?: boolean
  /** Takes most of the room; on a narrow screen its head stands above it. */
  wide?: boolean
}

const lookOf = <Row,>({ number, wide }: Column<Row>): string | undefined => (number ? 'number' : wide ? 'wide' : undefined)

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
        <tr>{columns.map((column) => <th key={column.key} scope="col" className={lookOf(column)}>{column.head}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={keyOf(row, index)}>
            {columns.map((column) => (
              <td key={column.key} data-head={column.head} className={lookOf(column)}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
