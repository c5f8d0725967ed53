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
  if (row == 4) {
    selectElements(ptr(a, 1), from, to, i, end - start, count, size);
    return;
  }
  for (let u = start; u < end; u++, to += row) {
    const index = load<i32>(ptr(a, 1) + (<usize>i << 2));
    if (index < 0 || index >= size) memory.fill(to, 0, row);
    else memory.copy(to, from + <usize>index * row, row);
    if (++i == count) {
      i = 0;
      from += block;
    }
  }
}

/** Rows of one element of four bytes: `units` of them, from the i-th index on. */
function selectElements(indices: usize, from: usize, to: usize, i: i32, units: i32, count: i32, size: i32): void {
  while (units > 0) {
    const run = min(units, count - i);
    let at = indices + (<usize>i << 2);
    const stop = to + (<usize>run << 2);
    for (; to < stop; to += 4, at += 4) {
      const index = load<u32>(at);
      store<i32>(to, index < <u32>size ? load<i32>(from + (<usize>index << 2)) : 0);
    }
    units -= run;
    i = 0;
    from += <usize>size << 2;
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
    if (row == 4) {
      if (isInt) addElements<i32>(x, ptr(a, 1), y, count, size);
      else addElements<f32>(x, ptr(a, 1), y, count, size);
      continue;
    }
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

/** Adds each of `count` elements where its index says. */
// @ts-ignore: decorator
@inline
function addElements<T>(x: usize, indices: usize, y: usize, count: i32, size: i32): void {
  const stop = x + (<usize>count << 2);
  for (; x < stop; x += 4, indices += 4) {
    const index = load<u32>(indices);
    if (index >= <u32>size) continue;
    const to = y + (<usize>index << 2);
    store<T>(to, load<T>(to) + load<T>(x));
  }
}

export function gather(a: usize, tid: i32, nt: i32): void {
  if (int(a, 7) == 4) gatherRows<u32>(a, tid, nt);
  else gatherRows<u8>(a, tid, nt);
}

// @ts-ignore: decorator
@inline
function gatherRows<T>(a: usize, tid: i32, nt: i32): void {
  const size = int(a, 4);
  const inner = int(a, 5);
  const count = int(a, 6);
  const units = int(a, 3) * count;
  if (units == 0) return;
  const start = unitStart(units, tid, nt);
  const end = unitStart(units, tid + 1, nt);
  const block = <usize>(size * inner) * sizeof<T>();
  let indices = ptr(a, 1) + (<usize>(start * inner) << 2);
  let to = ptr(a, 2) + <usize>(start * inner) * sizeof<T>();
  let from = ptr(a, 0) + <usize>(start / count) * block;
  let row = start % count;
  for (let u = start; u < end; u++) {
    for (let c = 0; c < inner; c++, indices += 4, to += sizeof<T>()) {
      const index = load<i32>(indices);
      if (<u32>index < <u32>size) store<T>(to, load<T>(from + <usize>(index * inner + c) * sizeof<T>()));
      else store<T>(to, 0);
    }
    if (++row == count) {
      row = 0;
      from += block;
    }
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
  const pitch = <usize>inner << 2;
  const width = <usize>min(TILE, inner - column) << 2;
  const y = ptr(a, 2) + (<usize>(outer * size * inner + column) << 2);
  let x = ptr(a, 0) + (<usize>(outer * count * inner + column) << 2);
  let indices = ptr(a, 1) + (<usize>(outer * count * inner + column) << 2);
  if (width == pitch) memory.fill(y, 0, <usize>size * pitch);
  else for (let i = 0; i < size; i++) memory.fill(y + <usize>i * pitch, 0, width);
  for (let i = 0; i < count; i++, x += pitch, indices += pitch) {
    for (let c: usize = 0; c < width; c += 4) {
      const index = load<i32>(indices + c);
      if (<u32>index >= <u32>size) continue;
      const to = y + <usize>index * pitch + c;
      store<T>(to, load<T>(to) + load<T>(x + c));
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
  const y = ptr(a, 2) + <usize>(outer * size * inner + column) * sizeof<T>();
  const x = ptr(a, 0) + <usize>(outer * size * inner + column) * sizeof<T>();
  const pitch = <usize>inner * sizeof<T>();
  let source = ptr(a, 8) + <usize>(outer * count * inner + column) * sizeof<T>();
  let indices = ptr(a, 1) + (<usize>(outer * count * inner + column) << 2);
  if (width == inner) memory.copy(y, x, <usize>size * pitch);
  else for (let i: usize = 0; i < <usize>size; i++) memory.copy(y + i * pitch, x + i * pitch, <usize>width * sizeof<T>());
  for (let i = 0; i < count; i++, source += pitch, indices += <usize>inner << 2) {
    for (let c: usize = 0; c < <usize>width; c++) {
      const index = load<i32>(indices + (c << 2));
      if (<u32>index >= <u32>size) continue;
      store<T>(y + <usize>index * pitch + c * sizeof<T>(), load<T>(source + c * sizeof<T>()));
    }
  }
}
