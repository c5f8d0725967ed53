// Slices and elements along one axis by index: rows of [outer, size, inner].
//
// indexSelect: y[o, i, :] = x[o, indices[i], :]; an index outside of [0, size) gives zeros.
//  0 x   1 indices i32 [count]   2 y [outer, count, inner]   3 outer   4 size   5 inner   6 count   7 bytes of an element
// indexAdd: y[o, indices[i], :] += x[o, i, :], y being zero before; an index outside of [0, size) is left out.
//  0 x [outer, count, inner]   1 indices   2 y [outer, size, inner]   3 outer   4 size   5 inner   6 count   7 is int32
// gather: y[o, i, c] = x[o, indices[o, i, c], c]; an index outside of [0, size) gives 0.
//  0 x   1 indices i32 [outer, count, inner]   2 y   3 outer   4 size   5 inner   6 count   7 bytes of an element
// scatterAdd: y[o, indices[o, i, c], c] += x[o, i, c], y being zero before; an index outside of [0, size) is left out.
//  0 x [outer, count, inner]   1 indices   2 y [outer, size, inner]   3 outer   4 size   5 inner   6 count   7 is int32
// scatter: y = x, then y[o, indices[o, i, c], c] = source[o, i, c]; of equal indices the last one counts.
//  0 x [outer, size, inner]   1 indices   2 y   3 outer   4 size   5 inner   6 count   7 bytes of an element   8 source
//
// Threads split the rows of y (indexSelect, gather), or its columns in tiles (the others): all terms of a sum are one
// thread's, in order.
import { int, ptr } from "./args";
import { ceilDiv, unitStart } from "./partition";

const TILE = 16;

export function indexSelect(a: usize, tid: i32, nt: i32): void {
  const count = int(a, 6);
  const size = int(a, 4);
  const row = <usize>int(a, 5) * <usize>int(a, 7);
  const units = int(a, 3) * count;
  if (units == 0) return;
  const start = unitStart(units, tid, nt);
  const end = unitStart(units, tid + 1, nt);
  const block = <usize>size * row;
  let i = start % count;
  let from = ptr(a, 0) + <usize>(start / count) * block;
  let to = ptr(a, 2) + <usize>start * row;
  for (let u = start; u < end; u++, to += row) {
    const index = load<i32>(ptr(a, 1) + (<usize>i << 2));
    if (index < 0 || index >= size) memory.fill(to, 0, row);
    else if (row == 4) store<i32>(to, load<i32>(from + (<usize>index << 2)));
    else memory.copy(to, from + <usize>index * row, row);
    if (++i == count) {
      i = 0;
      from += block;
    }
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
    if (width == row) memory.fill(y, 0, <usize>size * row);
    else for (let i = 0; i < size; i++) memory.fill(y + <usize>i * row, 0, width);
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

export function gather(a: usize, tid: i32, nt: i32): void {
  const inner = int(a, 5);
  const units = int(a, 3) * int(a, 6);
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const from = (u / int(a, 6)) * int(a, 4) * inner;
    if (int(a, 7) == 4) gatherRow<u32>(a, from, u * inner, inner, int(a, 4));
    else gatherRow<u8>(a, from, u * inner, inner, int(a, 4));
  }
}

// @ts-ignore: decorator
@inline
function gatherRow<T>(a: usize, from: i32, to: i32, inner: i32, size: i32): void {
  for (let c = 0; c < inner; c++) {
    const index = load<i32>(ptr(a, 1) + (<usize>(to + c) << 2));
    const known = index >= 0 && index < size;
    const value: T = known ? load<T>(ptr(a, 0) + <usize>(from + index * inner + c) * sizeof<T>()) : 0;
    store<T>(ptr(a, 2) + <usize>(to + c) * sizeof<T>(), value);
  }
}

export function scatterAdd(a: usize, tid: i32, nt: i32): void {
  const tiles = ceilDiv(int(a, 5), TILE);
  const units = int(a, 3) * tiles;
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    if (int(a, 7) != 0) addTile<i32>(a, u / tiles, (u % tiles) * TILE);
    else addTile<f32>(a, u / tiles, (u % tiles) * TILE);
  }
}

// @ts-ignore: decorator
@inline
function addTile<T>(a: usize, outer: i32, column: i32): void {
  const size = int(a, 4);
  const inner = int(a, 5);
  const count = int(a, 6);
  const width = min(TILE, inner - column);
  const y = ptr(a, 2) + (<usize>(outer * size * inner + column) << 2);
  for (let i = 0; i < size; i++) memory.fill(y + (<usize>(i * inner) << 2), 0, <usize>width << 2);
  for (let i = 0; i < count; i++) {
    const at = <usize>((outer * count + i) * inner + column) << 2;
    for (let c = 0; c < width; c++) {
      const index = load<i32>(ptr(a, 1) + at + (<usize>c << 2));
      if (index < 0 || index >= size) continue;
      const to = y + (<usize>(index * inner + c) << 2);
      store<T>(to, load<T>(to) + load<T>(ptr(a, 0) + at + (<usize>c << 2)));
    }
  }
}

export function scatter(a: usize, tid: i32, nt: i32): void {
  const tiles = ceilDiv(int(a, 5), TILE);
  const units = int(a, 3) * tiles;
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    if (int(a, 7) == 4) writeTile<u32>(a, u / tiles, (u % tiles) * TILE);
    else writeTile<u8>(a, u / tiles, (u % tiles) * TILE);
  }
}

// @ts-ignore: decorator
@inline
function writeTile<T>(a: usize, outer: i32, column: i32): void {
  const size = int(a, 4);
  const inner = int(a, 5);
  const count = int(a, 6);
  const width = min(TILE, inner - column);
  const base = outer * size * inner + column;
  for (let i = 0; i < size; i++) {
    const at = <usize>(base + i * inner) * sizeof<T>();
    memory.copy(ptr(a, 2) + at, ptr(a, 0) + at, <usize>width * sizeof<T>());
  }
  for (let i = 0; i < count; i++) {
    const at = (outer * count + i) * inner + column;
    for (let c = 0; c < width; c++) {
      const index = load<i32>(ptr(a, 1) + (<usize>(at + c) << 2));
      if (index < 0 || index >= size) continue;
      const value = load<T>(ptr(a, 8) + <usize>(at + c) * sizeof<T>());
      store<T>(ptr(a, 2) + <usize>(base + index * inner + c) * sizeof<T>(), value);
    }
  }
}
