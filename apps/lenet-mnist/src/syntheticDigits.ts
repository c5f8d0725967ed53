/** IDX file of `count` images 28 × 28: each class has a bright bar in rows of its own. For tests. */
export function images(count: number): Uint8Array {
  const header = Uint8Array.of(0, 0, 8, 3, 0, 0, count >> 8, count & 255, 0, 0, 0, 28, 0, 0, 0, 28);
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) {
    const row = 4 + 2 * (i % 10);
    pixels.fill(255, i * 784 + row * 28 + 4, i * 784 + (row + 2) * 28 - 4);
  }
  return new Uint8Array([...header, ...pixels]);
}

/** IDX file of the classes of {@link images}: 0, 1, ..., 9, 0, ... */
export function labels(count: number): Uint8Array {
  return Uint8Array.of(0, 0, 8, 1, 0, 0, count >> 8, count & 255, ...Array.from({ length: count }, (_, i) => i % 10));
}
