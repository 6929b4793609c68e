/** A column: its heading, and a cell for each row. */
export interface Column<Row> {
  readonly heading: string
  readonly cell: (row: Row) => string
}

/** Columns side by side under their headings, the first to the left and the others to the right. */
export const make = <Row>(rows: ReadonlyArray<Row>, columns: ReadonlyArray<Column<Row>>): string => {
  const lines = [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const toText = (line: ReadonlyArray<string>) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("   ")
  return lines.map((line) => `  ${toText(line).trimEnd()}\n`).join("")
}

/** A number as people read it: three digits that count, thousands apart. */
export const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
