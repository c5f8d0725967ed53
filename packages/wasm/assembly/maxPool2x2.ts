// The commonest max pool: windows of 2x2 side by side, no padding. Four outputs at a time; the last four of a row overlap
// those before.
import { select } from "./simd";

/** Distance of four windows from the first, in a row. */
const WINDOWS: usize = memory.data<i32>([0, 2, 4, 6], 16);

/** Where y > x or y is NaN. */
// @ts-ignore: decorator
@inline
function beats(y: v128, x: v128): v128 {
  return v128.or(f32x4.gt(y, x), f32x4.ne(y, y));
}

/** A plane of ho x wo outputs, wo >= 4, from one that is `w` wide; `indices` (optional): row * w + column of each maximum. */
export function maxPlane2x2(x: usize, w: i32, ho: i32, wo: i32, y: usize, indices: usize): void {
  const below = <usize>w << 2;
  const lastColumn = (<usize>wo << 2) - 16;
  for (let i = 0; i < ho; i++) {
    for (let column: usize = 0; ; ) {
      const top = x + 2 * column;
      const bottom = top + below;
      const a = v128.load(top);
      const b = v128.load(top, 16);
      const c = v128.load(bottom);
      const d = v128.load(bottom, 16);
      const top0 = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
      const top1 = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
      const bottom0 = v128.shuffle<f32>(c, d, 0, 2, 4, 6);
      const bottom1 = v128.shuffle<f32>(c, d, 1, 3, 5, 7);
      const second = beats(top1, top0);
      const fourth = beats(bottom1, bottom0);
      const upper = select(top1, top0, second);
      const lower = select(bottom1, bottom0, fourth);
      const lowerWins = beats(lower, upper);
      v128.store(y + column, select(lower, upper, lowerWins));
      if (indices) {
        const start = 2 * i * w + <i32>(column >> 1);
        const windows = i32x4.add(v128.load(WINDOWS), i32x4.splat(start));
        // A mask is -1 where it holds.
        const index = select(i32x4.sub(i32x4.splat(w), fourth), i32x4.sub(i32x4.splat(0), second), lowerWins);
        v128.store(indices + column, i32x4.add(windows, index));
      }
      if (column == lastColumn) break;
      column = min(column + 16, lastColumn);
    }
    x += 2 * below;
    y += <usize>wo << 2;
    if (indices) indices += <usize>wo << 2;
  }
}
