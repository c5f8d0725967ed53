import { avgPool2d, globalAvgPool2d, maxPool2d } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

const input = [8, 64, 112, 112];
const half = [8, 64, 56, 56];
const stem: Kernel = {
  name: "max 3×3, stride 2",
  shapes: [input],
  compute: (x) => maxPool2d(x, 3, { stride: 2, padding: 1 }),
};

export const pool: readonly Kernel[] = [
  stem,
  { ...gradient(stem, 0, half), name: "max 3×3, stride 2, forward and gradient" },
  { name: "max 2×2", shapes: [input], compute: (x) => maxPool2d(x, 2) },
  { name: "average 2×2", shapes: [input], compute: (x) => avgPool2d(x, 2) },
  { name: "global average, 1280 of 7²", shapes: [[8, 1280, 7, 7]], compute: (x) => globalAvgPool2d(x) },
];
