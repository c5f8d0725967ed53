import { matmul } from "@graftjs/tensor";
import type { Kernel } from "./kernel.ts";

const sizes = [
  [128, 128, 128],
  [512, 512, 512],
  [1024, 1024, 1024],
  [64, 120, 400],
  [8, 1000, 1280],
  [1568, 192, 768],
  [1576, 576, 192],
  [1024, 1024, 256],
  [1024, 256, 1024],
] as const;

/** [m, k] × [k, n], and with the second operand stored transposed, as the weights of a linear layer are. */
export const gemm: readonly Kernel[] = sizes.flatMap(([m, n, k]) => [
  {
    name: `${m}×${n}×${k}`,
    shapes: [
      [m, k],
      [k, n],
    ],
    compute: (a, b) => matmul(a, b),
    flops: 2 * m * n * k,
  },
  {
    name: `${m}×${n}×${k}, B transposed`,
    shapes: [
      [m, k],
      [n, k],
    ],
    compute: (a, b) => matmul(a, b, { transposeB: true }),
    flops: 2 * m * n * k,
  },
]);
