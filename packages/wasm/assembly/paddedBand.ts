// A band of rows of one image plane, copied to scratch with its zero padding, so that the loops over it know no borders.
// With a horizontal stride the columns of a row are dealt into `stride` phases, each contiguous: position p (counted from
// the left end of the padding) is element p / stride of phase p % stride, and every tap reads side by side elements.
import { scratch } from "./scratch";
import { copyShort, zero } from "./simd";

/** Where bands start in scratch; what is before belongs to the kernels. */
const BAND: usize = 65536;
/** A band should stay in the L1 cache; a single window of rows may be larger, up to what scratch holds. */
const TARGET_BYTES = 20480;

export let rowPitch: usize = 0;
export let phasePitch: usize = 0;
/** Input row r of the band begins at bandStart + r * rowPitch. */
export let bandStart: usize = 0;

let height: i32 = 0;
let width: i32 = 0;
let left: i32 = 0;
let stride: i32 = 1;

/**
 * Lays out bands for planes of h x w. `padLeft`: zeros before a row; `outputs`: results along a row; `reach`: distance
 * between the first and last tap; `window`: rows between the first and last tap, plus one; `stepH`: rows from one output
 * row to the next. Returns the output rows of a band. A band of one output row must fit: window * row <= 950 KB.
 */
export function layOut(
  h: i32, w: i32, padLeft: i32, strideW: i32, outputs: i32, reach: i32, window: i32, stepH: i32, outputRows: i32,
): i32 {
  height = h;
  width = w;
  left = padLeft;
  stride = strideW;
  // Loops run on to the next multiple of 16 outputs; what they read there does not matter, but must be scratch.
  const positions = max(padLeft + w, (outputs + 15) * strideW + reach + 1);
  phasePitch = <usize>(positions / strideW + 4) << 2;
  rowPitch = phasePitch * <usize>strideW;
  bandStart = scratch + BAND;
  const fitting = TARGET_BYTES / <i32>rowPitch - window;
  const rows = min(outputRows, max(1, fitting / stepH + 1));
  memory.fill(bandStart, 0, rowPitch * <usize>((rows - 1) * stepH + window));
  return rows;
}

/** Copies rows [top, top + rows) of a plane into the band; rows outside of the plane are zero. */
export function fillBand(plane: usize, top: i32, rows: i32): void {
  const pitch = rowPitch;
  const w = <usize>width << 2;
  const before = <usize>left << 2;
  let to = bandStart;
  for (let y = top; y < top + rows; y++, to += pitch) {
    if (<u32>y >= <u32>height) {
      zero(to, pitch);
      continue;
    }
    const src = plane + <usize>y * w;
    if (stride == 1) copyShort(src, to + before, w);
    else if (stride == 2) splitRow(src, to);
    else dealRow(src, to);
  }
}

// The padding around a row stays zero from the start: rows are written exactly as wide as they are.

// @ts-ignore: decorator
@inline
function splitRow(src: usize, dst: usize): void {
  let even = dst + phasePitch * <usize>(left & 1) + (<usize>(left >> 1) << 2);
  let odd = dst + phasePitch * <usize>(~left & 1) + (<usize>((left + 1) >> 1) << 2);
  let x = 0;
  for (; x + 8 <= width; x += 8, src += 32, even += 16, odd += 16) {
    const a = v128.load(src);
    const b = v128.load(src, 16);
    v128.store(even, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
    v128.store(odd, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  }
  for (; x < width; x += 2, src += 8, even += 4, odd += 4) {
    store<f32>(even, load<f32>(src));
    if (x + 1 < width) store<f32>(odd, load<f32>(src, 4));
  }
}

function dealRow(src: usize, dst: usize): void {
  for (let x = 0; x < width; x++, src += 4) {
    const p = left + x;
    store<f32>(dst + phasePitch * <usize>(p % stride) + (<usize>(p / stride) << 2), load<f32>(src));
  }
}

/** Distance in bytes from the element of output 0 to what its tap at position p reads. */
// @ts-ignore: decorator
@inline
export function tapOffset(row: i32, p: i32): usize {
  return <usize>row * rowPitch + phasePitch * <usize>(p % stride) + (<usize>(p / stride) << 2);
}
