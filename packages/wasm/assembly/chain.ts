// Element-wise chains: several ops in one pass over memory. The iteration space is cut into blocks whose intermediate
// results stay in the first-level cache; for each block a list of micro-ops runs, each of them one tight loop.
//
//  0 elements   1 elements of a block (a multiple of 16)   2 micro-ops before the first block   3 micro-ops of each block
//  4 word at which the micro-ops begin   5 spare register (byte offset into scratch)   6 elements of a row, which no
//  block crosses (it divides word 0)   7.. tensor table: addresses
// Micro-op: code, destination, x, y, z. Codes and operand kinds: src/opcodes.ts.
// GATHER: x = tensor index, y = word at which its shape stands: rank, then size and stride (elements) from the outside in.
// SPLAT_AT: the same, of a tensor that is constant along a row.
//
// Threads split the blocks. Bools are bytes in memory and lane masks in registers.
import { int, ptr } from "./args";
import { rare } from "./lanes";
import { erf4, exp4, expm1_4, gelu4, geluGrad4, log1p4, log4, sigmoid4, tanh4 } from "./math";
import { ceilDiv, unitStart } from "./partition";
import { pow4 } from "./power";
import { scratch } from "./scratch";
import { cos4, sin4 } from "./trigonometric";
import {
  AND, BYTES, CONSTANT, COPY, F_ABS, F_ADD, F_CEIL, F_CLAMP, F_COS, F_DIV, F_EQ, F_ERF, F_EXP, F_EXPM1, F_FLOOR, F_GE,
  F_GELU, F_GELU_GRAD, F_GT, F_LE, F_LOG, F_LOG1P, F_LT, F_MAX, F_MIN, F_MUL, F_NE, F_NEG, F_POW, F_RELU, F_ROUND, F_RSQRT, F_SIGMOID, F_SIGN,
  F_SIN, F_SQRT, F_SUB, F_TANH, F_TO_I, F_TRUNC, GATHER, GATHER_BOOL, I_ABS, I_ADD, I_EQ, I_GE, I_GT, I_LE, I_LT, I_MAX, I_MIN, I_MUL, I_NE,
  I_NEG, I_SIGN, I_SUB, I_TO_F, KIND_SHIFT, LOAD_BOOL, MASK_TO_F, MASK_TO_I, NOT, OR, RARE, REGISTER, SCALAR, SELECT, SPLAT,
  SPLAT_AT, SPLAT_BOOL, SPLAT_BOOL_AT, STORE_BOOL, TENSOR, F_MUL_ADD, F_SUB_MUL,
} from "../src/opcodes";

const TABLE = 7;
const OP_BYTES = 20;
const VALUE_MASK: u32 = (1 << KIND_SHIFT) - 1;

export function chain(a: usize, tid: i32, nt: i32): void {
  const total = int(a, 0);
  const length = int(a, 1);
  const before = a + (<usize>int(a, 4) << 2);
  const ops = before + <usize>int(a, 2) * OP_BYTES;
  const end = ops + <usize>int(a, 3) * OP_BYTES;
  const row = int(a, 6);
  const perRow = ceilDiv(row, length);
  const blocks = (total / row) * perRow;
  const last = unitStart(blocks, tid + 1, nt);
  let block = unitStart(blocks, tid, nt);
  if (block == last) return;
  for (let op = before; op < ops; op += OP_BYTES) step(a, op, 0, 4);
  for (; block < last; block++) {
    const from = (block % perRow) * length;
    const start = (block / perRow) * row + from;
    const count = min(length, row - from);
    for (let op = ops; op < end; op += OP_BYTES) step(a, op, start, count);
  }
}

/** Where an operand's elements from `start` on lie. */
// @ts-ignore: decorator
@inline
function address(a: usize, word: u32, start: i32): usize {
  const kind = word >> KIND_SHIFT;
  const value = word & VALUE_MASK;
  if (kind == REGISTER || kind == SCALAR) return scratch + value;
  if (kind == CONSTANT) return a + (value << 2);
  return ptr(a, TABLE + value) + (kind == BYTES ? start : start << 2);
}

/** Bytes from one vector of an operand to the next. */
// @ts-ignore: decorator
@inline
function pace(word: u32): usize {
  const kind = word >> KIND_SHIFT;
  return kind == CONSTANT || kind == SCALAR ? 0 : 16;
}

/** Runs one micro-op on elements [start, start + count). */
function step(a: usize, op: usize, start: i32, count: i32): void {
  const code = load<i32>(op);
  const target = load<u32>(op, 4);
  const to = address(a, target, start);
  switch (code) {
    case SPLAT:
      v128.store(to, v128.load32_splat(address(a, load<u32>(op, 8), start)));
      return;
    case SPLAT_BOOL:
      v128.store(to, i8x16.splat(load<u8>(address(a, load<u32>(op, 8), start)) ? -1 : 0));
      return;
    case SPLAT_AT: {
      const at = offsetAt(a + (<usize>load<u32>(op, 12) << 2), start);
      v128.store(to, v128.load32_splat(ptr(a, TABLE + load<u32>(op, 8)) + (<usize>at << 2)));
      return;
    }
    case SPLAT_BOOL_AT: {
      const at = offsetAt(a + (<usize>load<u32>(op, 12) << 2), start);
      v128.store(to, i8x16.splat(load<u8>(ptr(a, TABLE + load<u32>(op, 8)) + <usize>at) ? -1 : 0));
      return;
    }
    case LOAD_BOOL:
      loadBool(to, address(a, load<u32>(op, 8), start), count);
      return;
    case STORE_BOOL:
      storeBool(to, address(a, load<u32>(op, 8), start), pace(load<u32>(op, 8)), count);
      return;
    case GATHER:
      gather(to, ptr(a, TABLE + load<u32>(op, 8)), start, count, a + (<usize>load<u32>(op, 12) << 2), false);
      return;
    case GATHER_BOOL:
      gather(to, ptr(a, TABLE + load<u32>(op, 8)), start, count, a + (<usize>load<u32>(op, 12) << 2), true);
      return;
  }
  // The last vector of a tensor may be a partial one: what must not be written past its end takes the way over a register.
  const partial = (count & 3) != 0 && target >> KIND_SHIFT == TENSOR;
  const d = partial ? scratch + ptr(a, 5) : to;
  compute(a, op, code, start, d, d + (<usize>((count + 3) & ~3) << 2));
  if (partial) memory.copy(to, d, <usize>count << 2);
}

function compute(a: usize, op: usize, code: i32, start: i32, d: usize, end: usize): void {
  const xWord = load<u32>(op, 8);
  const yWord = load<u32>(op, 12);
  let x = address(a, xWord, start);
  const sx = pace(xWord);
  let y = address(a, yWord, start);
  const sy = pace(yWord);
  switch (code) {
    case COPY: for (; d < end; d += 16, x += sx) v128.store(d, v128.load(x)); return;
    case F_ADD: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.add(v128.load(x), v128.load(y))); return;
    case F_SUB: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.sub(v128.load(x), v128.load(y))); return;
    case F_MUL: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.mul(v128.load(x), v128.load(y))); return;
    case F_DIV: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.div(v128.load(x), v128.load(y))); return;
    case F_MAX: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.max(v128.load(x), v128.load(y))); return;
    case F_MIN: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.min(v128.load(x), v128.load(y))); return;
    case F_POW: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, pow4(v128.load(x), v128.load(y))); return;
    case F_EQ: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.eq(v128.load(x), v128.load(y))); return;
    case F_NE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.ne(v128.load(x), v128.load(y))); return;
    case F_LT: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.lt(v128.load(x), v128.load(y))); return;
    case F_LE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.le(v128.load(x), v128.load(y))); return;
    case F_GT: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.gt(v128.load(x), v128.load(y))); return;
    case F_GE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, f32x4.ge(v128.load(x), v128.load(y))); return;
    case F_ABS: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.abs(v128.load(x))); return;
    case F_CEIL: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.ceil(v128.load(x))); return;
    case F_FLOOR: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.floor(v128.load(x))); return;
    case F_ROUND: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.nearest(v128.load(x))); return;
    case F_NEG: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.neg(v128.load(x))); return;
    case F_RELU: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.max(v128.load(x), f32x4.splat(0))); return;
    case F_SQRT: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.sqrt(v128.load(x))); return;
    case F_RSQRT: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.div(f32x4.splat(1), f32x4.sqrt(v128.load(x)))); return;
    case F_SIGN: for (; d < end; d += 16, x += sx) v128.store(d, sign4(v128.load(x))); return;
    case F_EXP: for (; d < end; d += 16, x += sx) v128.store(d, exp4(v128.load(x))); return;
    case F_EXPM1: for (; d < end; d += 16, x += sx) v128.store(d, expm1_4(v128.load(x))); return;
    case F_LOG: for (; d < end; d += 16, x += sx) v128.store(d, log4(v128.load(x))); return;
    case F_LOG1P: for (; d < end; d += 16, x += sx) v128.store(d, log1p4(v128.load(x))); return;
    case F_TANH: for (; d < end; d += 16, x += sx) v128.store(d, tanh4(v128.load(x))); return;
    case F_SIGMOID: for (; d < end; d += 16, x += sx) v128.store(d, sigmoid4(v128.load(x))); return;
    case F_ERF: for (; d < end; d += 16, x += sx) v128.store(d, erf4(v128.load(x))); return;
    case F_GELU: for (; d < end; d += 16, x += sx) v128.store(d, gelu4(v128.load(x))); return;
    case F_GELU_GRAD: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, geluGrad4(v128.load(x), v128.load(y))); return;
    case F_SIN: for (; d < end; d += 16, x += sx) v128.store(d, sin4(v128.load(x))); return;
    case F_COS: for (; d < end; d += 16, x += sx) v128.store(d, cos4(v128.load(x))); return;
    case F_TRUNC: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.trunc(v128.load(x))); return;
    case I_ADD: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.add(v128.load(x), v128.load(y))); return;
    case I_SUB: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.sub(v128.load(x), v128.load(y))); return;
    case I_MUL: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.mul(v128.load(x), v128.load(y))); return;
    case I_MAX: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.max_s(v128.load(x), v128.load(y))); return;
    case I_MIN: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.min_s(v128.load(x), v128.load(y))); return;
    case I_EQ: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.eq(v128.load(x), v128.load(y))); return;
    case I_NE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.ne(v128.load(x), v128.load(y))); return;
    case I_LT: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.lt_s(v128.load(x), v128.load(y))); return;
    case I_LE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.le_s(v128.load(x), v128.load(y))); return;
    case I_GT: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.gt_s(v128.load(x), v128.load(y))); return;
    case I_GE: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, i32x4.ge_s(v128.load(x), v128.load(y))); return;
    case I_ABS: for (; d < end; d += 16, x += sx) v128.store(d, i32x4.abs(v128.load(x))); return;
    case I_NEG: for (; d < end; d += 16, x += sx) v128.store(d, i32x4.neg(v128.load(x))); return;
    case I_SIGN:
      for (; d < end; d += 16, x += sx) {
        const v = v128.load(x);
        v128.store(d, v128.or(i32x4.shr_s(v, 31), i32x4.shr_u(i32x4.neg(v), 31)));
      }
      return;
    case AND: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, v128.and(v128.load(x), v128.load(y))); return;
    case OR: for (; d < end; d += 16, x += sx, y += sy) v128.store(d, v128.or(v128.load(x), v128.load(y))); return;
    case NOT: for (; d < end; d += 16, x += sx) v128.store(d, v128.not(v128.load(x))); return;
    case F_TO_I: for (; d < end; d += 16, x += sx) v128.store(d, i32x4.trunc_sat_f32x4_s(v128.load(x))); return;
    case I_TO_F: for (; d < end; d += 16, x += sx) v128.store(d, f32x4.convert_i32x4_s(v128.load(x))); return;
    case MASK_TO_F: for (; d < end; d += 16, x += sx) v128.store(d, v128.and(v128.load(x), f32x4.splat(1))); return;
    case MASK_TO_I: for (; d < end; d += 16, x += sx) v128.store(d, i32x4.shr_u(v128.load(x), 31)); return;
  }
  if (code >= RARE) {
    for (; d < end; d += 16, x += sx, y += sy) v128.store(d, rare(code, v128.load(x), v128.load(y)));
    return;
  }
  const zWord = load<u32>(op, 16);
  let z = address(a, zWord, start);
  const sz = pace(zWord);
  if (code == SELECT) {
    for (; d < end; d += 16, x += sx, y += sy, z += sz) {
      v128.store(d, v128.bitselect(v128.load(y), v128.load(z), v128.load(x)));
    }
  } else if (code == F_MUL_ADD) {
    for (; d < end; d += 16, x += sx, y += sy, z += sz) {
      v128.store(d, f32x4.add(f32x4.mul(v128.load(x), v128.load(y)), v128.load(z)));
    }
  } else if (code == F_SUB_MUL) {
    for (; d < end; d += 16, x += sx, y += sy, z += sz) {
      v128.store(d, f32x4.sub(v128.load(z), f32x4.mul(v128.load(x), v128.load(y))));
    }
  } else if (code == F_CLAMP) {
    for (; d < end; d += 16, x += sx, y += sy, z += sz) {
      v128.store(d, f32x4.min(f32x4.max(v128.load(x), v128.load(y)), v128.load(z)));
    }
  }
}

/** -1, 0 or 1; 0 for NaN. */
// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const ones = v128.or(v128.and(x, i32x4.splat(0x80000000)), f32x4.splat(1));
  return v128.and(ones, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
}

/** Bytes to masks; may write up to three lanes more. */
function loadBool(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>count << 2);
  for (; to < end; to += 16, from += 4) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
    v128.store(to, i32x4.ne(words, i32x4.splat(0)));
  }
}

/** Masks to bytes, and not one byte more. */
function storeBool(to: usize, from: usize, pace: usize, count: i32): void {
  const one = i8x16.splat(1);
  const end = to + <usize>(count & ~15);
  for (; to < end; to += 16, from += 4 * pace) {
    const low = i16x8.narrow_i32x4_s(v128.load(from), v128.load(from + pace));
    const high = i16x8.narrow_i32x4_s(v128.load(from + 2 * pace), v128.load(from + 3 * pace));
    v128.store(to, v128.and(i8x16.narrow_i16x8_s(low, high), one));
  }
  const step = pace >> 2;
  for (let i: usize = 0; i < <usize>(count & 15); i++) store<u8>(to + i, load<u32>(from + i * step) & 1);
}

/** Where element `index` of a strided tensor lies, in elements. */
function offsetAt(desc: usize, index: i32): i32 {
  let offset = 0;
  for (let at = desc + (<usize>load<i32>(desc) << 3) - 4; at > desc; at -= 8) {
    const size = load<i32>(at);
    offset += (index % size) * load<i32>(at, 4);
    index /= size;
  }
  return offset;
}

/** Elements [start, start + count) of a strided tensor into a register, run by run; may write up to three lanes more. */
function gather(to: usize, base: usize, start: i32, count: i32, desc: usize, isBool: bool): void {
  const rank = load<i32>(desc);
  const sizes = desc + 4;
  const inner = <usize>(rank - 1) << 3;
  let offset = 0;
  let rest = start;
  for (let i = rank - 1; i >= 0; i--) {
    const at = sizes + (<usize>i << 3);
    const size = load<i32>(at);
    const index = rest % size;
    rest /= size;
    offset += index * load<i32>(at, 4);
    store<i32>(scratch + (<usize>i << 2), index);
  }
  const size = load<i32>(sizes + inner);
  const stride = load<i32>(sizes + inner, 4);
  let column = load<i32>(scratch + (inner >> 1));
  offset -= column * stride;
  while (true) {
    const run = min(size - column, count);
    if (isBool) copyBools(to, base + <usize>(offset + column * stride), run, stride);
    else copyWords(to, base + (<usize>(offset + column * stride) << 2), run, stride);
    to += <usize>run << 2;
    count -= run;
    if (count == 0) return;
    column = 0;
    for (let i = rank - 2; i >= 0; i--) {
      const at = sizes + (<usize>i << 3);
      const counter = scratch + (<usize>i << 2);
      const index = load<i32>(counter) + 1;
      const step = load<i32>(at, 4);
      offset += step;
      if (index < load<i32>(at)) {
        store<i32>(counter, index);
        break;
      }
      offset -= index * step;
      store<i32>(counter, 0);
    }
  }
}

// @ts-ignore: decorator
@inline
function copyWords(to: usize, from: usize, count: i32, stride: i32): void {
  const end = to + (<usize>count << 2);
  if (stride == 0) {
    const value = v128.load32_splat(from);
    for (; to < end; to += 16) v128.store(to, value);
  } else if (stride == 1) {
    for (; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
  } else {
    const step = <usize>stride << 2;
    for (; to < end; to += 4, from += step) store<u32>(to, load<u32>(from));
  }
}

// @ts-ignore: decorator
@inline
function copyBools(to: usize, from: usize, count: i32, stride: i32): void {
  const end = to + (<usize>count << 2);
  for (; to < end; to += 4, from += <usize>stride) store<i32>(to, load<u8>(from) ? -1 : 0);
}
