/** A number of things for people: `3.5 M`. */
export function count(n: number): string {
  for (const [unit, size] of [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const)
    if (n >= size) return `${Number((n / size).toPrecision(3))} ${unit}`;
  return String(n);
}

/** An amount of memory for people: `12.5 MiB`. */
export function memory(bytes: number): string {
  const units = ["KiB", "MiB", "GiB"];
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 1), units.length);
  return `${Number((bytes / 2 ** (10 * power)).toPrecision(3))} ${units[power - 1]}`;
}

/** `Conv 3, Relu 2`. */
export function operatorList(
  operators: Readonly<Record<string, number>>,
  longest: number = Number.POSITIVE_INFINITY,
): string {
  const parts = Object.entries(operators).map(([name, n]) => (n === 1 ? name : `${name} ${n}`));
  let text = parts.join(", ");
  while (text.length > longest && parts.length > 1) {
    parts.pop();
    text = `${parts.join(", ")}, …`;
  }
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Rows as columns, the first row as titles; those in `right` end at one place. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join("  ")
      .trimEnd(),
  );
}
