// 2-D convolution and its input gradient as implicit GEMMs. Words 3..20 are the geometry (geometry.ts), the same for all.
//
// conv2dPackWeight: packs W once for conv2d.
//  0 W [O, C/g, kh, kw]   1 packedW: groups * (O/g + 5) * (C/g)*kh*kw floats
// conv2d: Y = act(conv(X, W) + bias + residual)
//  0 X [N, C, H, W]   1 packedW   2 Y [N, O, Ho, Wo]   21 bias[O] (optional)   22 residual (optional, shape of Y)
// 23 act (0 none, 1 relu, 2 clamp)   24 lo   25 hi
//
// conv2dPackWeightGrad: packs W for conv2dInputGrad.
//  0 W   1 packedWT: groups * (C/g + 5) * (O/g)*kh*kw floats
// conv2dInputGrad: dX[n, c, h, w] = sum of dY * W over the outputs that read it. Pixels are taken by their phase modulo
// the stride: each phase is a stride-1 product with its own subset of the taps, so no multiplication is wasted.
//  0 dY [N, O, Ho, Wo]   1 packedWT   2 dX [N, C, H, W]
//
// Threads split the pixels of the whole batch, or the channels where there are more of them.
import { actHi, actLo, int, ptr } from "./args";
import { C, DIL_H, DIL_W, GROUPS, H, HO, KH, KW, N, O, PAD_LEFT, PAD_TOP, STRIDE_H, STRIDE_W, W, WO } from "./geometry";
import { addTap, setGrid, setImage, tapCount } from "./imagePanels";
import { multiply } from "./implicitGemm";
import { BIAS_PER_ROW, MR, RESIDUAL, setBounds } from "./microkernel";
import { packA, panelRows } from "./packing";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { zero } from "./simd";

export function conv2d(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const inputs = int(a, C) / groups;
  const outputs = int(a, O) / groups;
  const h = int(a, H);
  const w = int(a, W);
  const kh = int(a, KH);
  const kw = int(a, KW);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const planeIn = <usize>(h * w) << 2;
  const planeOut = <usize>(ho * wo) << 2;
  const bias = ptr(a, 21);
  const residual = ptr(a, 22);
  const mode = (bias ? BIAS_PER_ROW : 0) | (residual ? RESIDUAL : 0);
  setBounds(actLo(a, 23), actHi(a, 23));
  for (let g = 0; g < groups; g++) {
    const x = ptr(a, 0) + <usize>(g * inputs) * planeIn;
    const y = ptr(a, 2) + <usize>(g * outputs) * planeOut;
    setImage(x, planeIn * <usize>int(a, C), inputs, h, w, int(a, STRIDE_H), int(a, STRIDE_W));
    for (let r = 0; r < kh; r++) {
      for (let s = 0; s < kw; s++) addTap(r * int(a, DIL_H) - int(a, PAD_TOP), s * int(a, DIL_W) - int(a, PAD_LEFT));
    }
    setGrid(int(a, N), ho, wo, y, planeOut * <usize>int(a, O), planeOut, <usize>wo << 2, 4);
    const packed = ptr(a, 1) + (<usize>g * <usize>panelRows(outputs) * <usize>(inputs * kh * kw) << 2);
    multiply(packed, outputs, mode, bias + (<usize>(g * outputs) << 2), residual - ptr(a, 2), tid, nt);
  }
}

export function conv2dInputGrad(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const inputs = int(a, C) / groups;
  const outputs = int(a, O) / groups;
  const h = int(a, H);
  const w = int(a, W);
  const kh = int(a, KH);
  const kw = int(a, KW);
  const sh = int(a, STRIDE_H);
  const sw = int(a, STRIDE_W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const planeX = <usize>(h * w) << 2;
  const planeY = <usize>(ho * wo) << 2;
  setBounds(-Infinity, Infinity);
  let packed = ptr(a, 1);
  for (let g = 0; g < groups; g++) {
    const dy = ptr(a, 0) + <usize>(g * outputs) * planeY;
    const dx = ptr(a, 2) + <usize>(g * inputs) * planeX;
    for (let py = 0; py < sh; py++) {
      for (let px = 0; px < sw; px++) {
        setImage(dy, planeY * <usize>int(a, O), outputs, ho, wo, 1, 1);
        for (let r = 0; r < kh; r++) {
          const fromY = py + int(a, PAD_TOP) - r * int(a, DIL_H);
          if (fromY % sh) continue;
          for (let s = 0; s < kw; s++) {
            const fromX = px + int(a, PAD_LEFT) - s * int(a, DIL_W);
            if (fromX % sw == 0) addTap(fromY / sh, fromX / sw);
          }
        }
        if (py < h && px < w) {
          const at = dx + (<usize>(py * w + px) << 2);
          const row = <usize>(sh * w) << 2;
          const grid = planeX * <usize>int(a, C);
          setGrid(int(a, N), ceilDiv(h - py, sh), ceilDiv(w - px, sw), at, grid, planeX, row, <usize>sw << 2);
          if (tapCount() > 0) multiply(packed, inputs, 0, 0, 0, tid, nt);
          else clear(a, at, inputs, h - py, w - px, tid, nt);
        }
        packed += <usize>panelRows(inputs) * <usize>(outputs * tapCount()) << 2;
      }
    }
  }
}

/** Zeroes the phase of the pixels of a group's planes that begins at `at`, `h` x `w` pixels from the end: no output reads it. */
function clear(a: usize, at: usize, inputs: i32, h: i32, w: i32, tid: i32, nt: i32): void {
  const plane = <usize>(int(a, H) * int(a, W)) << 2;
  const end = unitStart(int(a, N) * inputs, tid + 1, nt);
  for (let u = unitStart(int(a, N) * inputs, tid, nt); u < end; u++) {
    let row = at + <usize>((u / inputs) * int(a, C) + (u % inputs)) * plane;
    for (let y = 0; y < h; y += int(a, STRIDE_H), row += <usize>(int(a, STRIDE_H) * int(a, W)) << 2) {
      let to = row;
      for (let x = 0; x < w; x += int(a, STRIDE_W), to += <usize>int(a, STRIDE_W) << 2) store<f32>(to, 0);
    }
  }
}

export function conv2dPackWeight(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const inputs = int(a, C) / groups;
  const outputs = int(a, O) / groups;
  const taps = int(a, KH) * int(a, KW);
  const k = inputs * taps;
  const panels = ceilDiv(outputs, MR);
  const step = <usize>(inputs * MR) << 2;
  const end = unitStart(groups * panels, tid + 1, nt);
  for (let u = unitStart(groups * panels, tid, nt); u < end; u++) {
    const row = (u % panels) * MR;
    const rows = min(MR, outputs - row);
    const src = ptr(a, 0) + (<usize>((u / panels) * outputs + row) * <usize>k << 2);
    const dst = ptr(a, 1) + (<usize>u * <usize>k * MR << 2);
    if (taps == 1) {
      packA(src, <usize>k << 2, false, 0, rows, 0, k, dst, 0);
      continue;
    }
    if (rows < MR) zero(dst, <usize>k * (MR * 4));
    for (let c = 0; c < inputs; c++) {
      let from = src + (<usize>(c * taps) << 2);
      let to = dst + (<usize>(c * MR) << 2);
      for (let t = 0; t < taps; t++, from += 4, to += step) {
        for (let r: usize = 0; r < <usize>rows; r++) store<f32>(to + (r << 2), load<f32>(from + r * (<usize>k << 2)));
      }
    }
  }
}

export function conv2dPackWeightGrad(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const inputs = int(a, C) / groups;
  const outputs = int(a, O) / groups;
  const sh = int(a, STRIDE_H);
  const sw = int(a, STRIDE_W);
  const taps = int(a, KH) * int(a, KW);
  const panels = ceilDiv(inputs, MR);
  const end = unitStart(groups * panels, tid + 1, nt);
  for (let u = unitStart(groups * panels, tid, nt); u < end; ) {
    const g = u / panels;
    const panel = u % panels;
    if (taps == 1 && sh == 1 && sw == 1) {
      const src = ptr(a, 0) + (<usize>(g * outputs) * <usize>inputs << 2);
      const dst = ptr(a, 1) + (<usize>u * <usize>outputs * MR << 2);
      packA(src, <usize>inputs << 2, true, panel * MR, min(MR, inputs - panel * MR), 0, outputs, dst, 0);
      u++;
      continue;
    }
    // A few panels together: they read neighbouring weights.
    const few = min(4, min(panels - panel, end - u));
    // Phases lie one after the other; in each, the panels; in each, tap by tap, the output channels. The scratch holds
    // where each tap of the first panel goes, and how far on the next panel's is.
    let phase = ptr(a, 1) + (<usize>(g * panels * MR) * <usize>(outputs * taps) << 2);
    for (let py = 0; py < sh; py++) {
      for (let px = 0; px < sw; px++) {
        let count = 0;
        for (let t = 0; t < taps; t++) if (inPhase(a, t, py, px)) count++;
        const pitch = <usize>(outputs * count) * (MR * 4);
        let to = phase + <usize>panel * pitch;
        for (let t = 0; t < taps; t++) {
          if (!inPhase(a, t, py, px)) continue;
          store<u32>(scratch + (<usize>t << 3), <u32>to);
          store<u32>(scratch + (<usize>t << 3), <u32>pitch, 4);
          to += <usize>outputs * (MR * 4);
        }
        phase += <usize>panels * pitch;
      }
    }
    for (let o = 0; o < outputs; o++) {
      for (let p = 0; p < few; p++) {
        const rows = min(MR, inputs - (panel + p) * MR);
        const src = ptr(a, 0) + (<usize>((g * outputs + o) * inputs + (panel + p) * MR) * <usize>taps << 2);
        for (let t: usize = 0; t < <usize>taps; t++) {
          const at = scratch + (t << 3);
          const to: usize = <usize>load<u32>(at) + <usize>load<u32>(at, 4) * <usize>p + <usize>o * (MR * 4);
          let from = src + (t << 2);
          for (let e = 0; e < MR; e++, from += <usize>taps << 2) {
            store<f32>(to + (<usize>e << 2), e < rows ? load<f32>(from) : 0);
          }
        }
      }
    }
    u += few;
  }
}

/** Whether tap `t` contributes to the input pixels of a phase. */
// @ts-ignore: decorator
@inline
function inPhase(a: usize, t: i32, py: i32, px: i32): bool {
  const kw = int(a, KW);
  return (
    (py + int(a, PAD_TOP) - (t / kw) * int(a, DIL_H)) % int(a, STRIDE_H) == 0 &&
    (px + int(a, PAD_LEFT) - (t % kw) * int(a, DIL_W)) % int(a, STRIDE_W) == 0
  );
}
