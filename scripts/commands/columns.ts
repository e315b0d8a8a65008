/**
 * Lays rows out in columns two spaces apart, each as wide as its widest line. A cell of several lines
 * goes on below itself; an empty row is an empty line. The last column stays ragged.
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.split("\n")));
  const widths = cells.reduce<number[]>((widest, row) => {
    for (const [index, lines] of row.entries())
      widest[index] = Math.max(widest[index] ?? 0, ...lines.map((line) => line.length));
    return widest;
  }, []);
  return cells.flatMap((row) => rowLines(row, widths)).join("\n");
}

function rowLines(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(1, ...row.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    row
      .map((lines, index) => (lines[line] ?? "").padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
