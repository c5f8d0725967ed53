// A convolution as a matrix product whose right operand is never materialised: out[m, pixel] = sum over (tap, plane) of
// a[m, (tap, plane)] * image[plane, pixel * step + tap]. Panels of eight pixels are gathered straight from the image into
// scratch (imagePanels.ts), a block at a time, or read where they lie; the micro-kernels do the rest.
// Forward convolution and each phase of its input gradient are such products; they differ only in what they tell
// setImage, addTap and setGrid.
import {
  KC, MAX_LISTED, NC, TILE, describe, gather, gathered, inPlace, listOffsets, outAddress, outAdjacent, outOffsets,
  outPitch, pixelAddress, pixelCount, stepCount,
} from "./imagePanels";
import { ACCUMULATE, FINISH, MR, NR, listedTile, tile, tileScattered } from "./microkernel";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";

/** Rows of the left operand in a block. */
const MC = 96;
/** With at most this many rows, panels that lie side by side in the image are read in place. */
const DIRECT_ROWS = 24;

/** This thread's part of the product with `rows` rows of packed weights. `mode`, `bias`, `residual` as for the tiles. */
export function multiply(packed: usize, rows: i32, mode: i32, bias: usize, residual: usize, tid: i32, nt: i32): void {
  const panels = ceilDiv(pixelCount(), NR);
  const rowPanels = ceilDiv(rows, MR);
  if (panels >= 8 * nt || panels >= rowPanels) {
    part(packed, 0, rows, unitStart(panels, tid, nt), unitStart(panels, tid + 1, nt), mode, bias, residual);
  } else {
    const first = unitStart(rowPanels, tid, nt) * MR;
    const last = min(rows, unitStart(rowPanels, tid + 1, nt) * MR);
    part(packed, first, last, 0, panels, mode, bias, residual);
  }
}

/** Rows [m0, m1) and panels [q0, q1) of it. */
function part(packed: usize, m0: i32, m1: i32, q0: i32, q1: i32, mode: i32, bias: usize, residual: usize): void {
  if (m0 >= m1) return;
  const pixels = pixelCount();
  const k = stepCount();
  const out = outAddress();
  const pitch = outPitch();
  const blocks = max(1, ceilDiv(k, KC));
  const kcMax = ceilDiv(k, blocks);
  const direct = m1 - m0 <= DIRECT_ROWS && k <= MAX_LISTED;
  const list = direct ? listOffsets() : 0;
  for (let q = q0; q < q1; q += NC / NR) {
    const count = min(NC / NR, q1 - q);
    describe(q, count);
    for (let k0 = 0, block = 0; block < blocks; block++, k0 += kcMax) {
      const kc = min(kcMax, k - k0);
      let blockMode = block == blocks - 1 ? mode | FINISH : 0;
      if (block > 0) blockMode |= ACCUMULATE;
      for (let p = 0; p < count; p++) if (!(direct && inPlace(p))) gather(p, k0, kc);
      for (let m = m0; m < m1; m += MC) {
        const last = min(m1, m + MC);
        for (let p = 0; p < count; p++) {
          const listed = direct && inPlace(p);
          const pb = listed ? pixelAddress(p) : gathered(p, kc);
          const to = outOffsets(p);
          const adjacent = outAdjacent(p);
          for (let r = m; r < last; r += MR) {
            const pa = packed + (<usize>((r / MR) * k + k0) * (MR * 4));
            const pc = out + <usize>r * pitch;
            const rows = min(MR, last - r);
            const itsBias = bias + (<usize>r << 2);
            if (listed) {
              const offsets = list + (<usize>k0 << 2);
              listedTile(kc, pa, pb, offsets, pc + load<u32>(to), pitch, rows, blockMode, itsBias, residual);
            } else if (adjacent) {
              tile(kc, pa, pb, NR * 4, pc + load<u32>(to), pitch, rows, blockMode, itsBias, residual);
            } else {
              const cols = min(NR, pixels - (q + p) * NR);
              const temp = scratch + TILE;
              tileScattered(kc, pa, pb, NR * 4, pc, pitch, rows, blockMode, itsBias, residual, cols, to, temp);
            }
          }
        }
      }
    }
  }
}
