// softmaxCrossEntropy: loss = ln(sum of e^x) - x[target] for each row of x [rows, n]; 0 where the target is no column.
//  0 x   1 target (int32)   2 loss   3 rows   4 n
// softmaxCrossEntropyGrad: dx = dy * (softmax(x) - one-hot(target)); 0 where the target is no column.
//  0 dy   1 x   2 target   3 dx   4 rows   5 n
//
// Threads split the rows.
import { int, ptr } from "./args";
import { log4 } from "./math";
import { unitStart } from "./partition";
import { loadPart, storePart, zero } from "./simd";
import { expSum, maxLanes, row, rowMax } from "./softmax";

export function softmaxCrossEntropy(a: usize, tid: i32, nt: i32): void {
  const rows = int(a, 3);
  const n = int(a, 4);
  const part = n & 3;
  const whole = <usize>(n - part) << 2;
  const end = unitStart(rows, tid + 1, nt);
  for (let r = unitStart(rows, tid, nt); r < end; r++) {
    const x = ptr(a, 0) + ((<usize>r * <usize>n) << 2);
    const target = load<i32>(ptr(a, 1) + (<usize>r << 2));
    let loss: f32 = 0;
    if (<u32>target < <u32>n) {
      const highest = maxLanes(rowMax(x, whole, part));
      const total = log4(f32x4.splat(<f32>expSum(x, whole, part, f32x4.splat(highest))));
      loss = f32x4.extract_lane(total, 0) - (load<f32>(x + (<usize>target << 2)) - highest);
    }
    store<f32>(ptr(a, 2) + (<usize>r << 2), loss);
  }
}

export function softmaxCrossEntropyGrad(a: usize, tid: i32, nt: i32): void {
  const rows = int(a, 4);
  const n = int(a, 5);
  const end = unitStart(rows, tid + 1, nt);
  for (let r = unitStart(rows, tid, nt); r < end; r++) {
    const shift = (<usize>r * <usize>n) << 2;
    const dx = ptr(a, 3) + shift;
    const target = load<i32>(ptr(a, 2) + (<usize>r << 2));
    if (<u32>target >= <u32>n) {
      zero(dx, <usize>n << 2);
      continue;
    }
    const dy = load<f32>(ptr(a, 0) + (<usize>r << 2));
    row(ptr(a, 1) + shift, dx, n, false);
    const at = dx + (<usize>target << 2);
    const hit = (load<f32>(at) - 1) * dy;
    const factor = f32x4.splat(dy);
    for (let i = 0; i < n; i += 4) {
      const to = dx + (<usize>i << 2);
      storePart(to, f32x4.mul(loadPart(to, n - i, 0), factor), n - i);
    }
    store<f32>(at, hit);
  }
}
