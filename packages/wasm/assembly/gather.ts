// Slices along one axis by index: rows of [outer, size, inner].
//
// indexSelect: y[o, i, :] = x[o, indices[i], :]; an index outside of [0, size) gives zeros.
//  0 x   1 indices i32 [count]   2 y [outer, count, inner]   3 outer   4 size   5 inner   6 count   7 bytes of an element
// indexAdd: y[o, indices[i], :] += x[o, i, :], y being zero before; an index outside of [0, size) is left out.
//  0 x [outer, count, inner]   1 indices   2 y [outer, size, inner]   3 outer   4 size   5 inner   6 count   7 is int32
//
// Threads split the rows of y (indexSelect), or its columns in tiles (indexAdd): all terms of a sum are one thread's, in order.
import { int, ptr } from "./args";
import { ceilDiv, unitStart } from "./partition";

const TILE = 16;

export function indexSelect(a: usize, tid: i32, nt: i32): void {
  const count = int(a, 6);
  const size = int(a, 4);
  const row = <usize>int(a, 5) * <usize>int(a, 7);
  const units = int(a, 3) * count;
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const index = load<i32>(ptr(a, 1) + (<usize>(u % count) << 2));
    const to = ptr(a, 2) + <usize>u * row;
    if (index < 0 || index >= size) memory.fill(to, 0, row);
    else memory.copy(to, ptr(a, 0) + <usize>((u / count) * size + index) * row, row);
  }
}

export function indexAdd(a: usize, tid: i32, nt: i32): void {
  const size = int(a, 4);
  const inner = int(a, 5);
  const count = int(a, 6);
  const isInt = int(a, 7) != 0;
  const row = <usize>inner << 2;
  const tiles = ceilDiv(inner, TILE);
  const units = int(a, 3) * tiles;
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; ) {
    // Adjacent tiles of one outer index go together.
    const outer = u / tiles;
    const stop = min(end, (outer + 1) * tiles);
    const column = (u % tiles) * TILE;
    const width = <usize>(min(inner, (stop - outer * tiles) * TILE) - column) << 2;
    u = stop;
    const y = ptr(a, 2) + <usize>(outer * size) * row + (<usize>column << 2);
    for (let i = 0; i < size; i++) memory.fill(y + <usize>i * row, 0, width);
    let x = ptr(a, 0) + <usize>(outer * count) * row + (<usize>column << 2);
    for (let i = 0; i < count; i++, x += row) {
      const index = load<i32>(ptr(a, 1) + (<usize>i << 2));
      if (index < 0 || index >= size) continue;
      const to = y + <usize>index * row;
      let j: usize = 0;
      if (isInt) {
        for (; j < width; j += 4) store<i32>(to + j, load<i32>(to + j) + load<i32>(x + j));
      } else {
        for (; j + 16 <= width; j += 16) v128.store(to + j, f32x4.add(v128.load(to + j), v128.load(x + j)));
        for (; j < width; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(x + j));
      }
    }
  }
}
