import { conv2d } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

const batch = 8;

/** Channels in and out, height and width, size of the filter, stride: those of ResNet-18 and of MobileNetV2. */
const geometries = [
  [3, 64, 224, 7, 2],
  [64, 64, 56, 3, 1],
  [128, 128, 28, 3, 1],
  [256, 256, 14, 3, 1],
  [512, 512, 7, 3, 1],
  [64, 128, 56, 3, 2],
  [128, 256, 28, 3, 2],
  [64, 128, 56, 1, 2],
  [3, 32, 224, 3, 2],
  [16, 96, 112, 1, 1],
  [144, 24, 56, 1, 1],
  [384, 64, 14, 1, 1],
  [96, 576, 14, 1, 1],
  [320, 1280, 7, 1, 1],
] as const;

/** Forward, and both gradients. */
export const conv: readonly Kernel[] = geometries.flatMap(([channels, out, size, kernel, stride]) => {
  const padding = (kernel - 1) / 2;
  const outSize = Math.ceil(size / stride);
  const name = `${channels}→${out}, ${size}², ${kernel}×${kernel}${stride > 1 ? `, stride ${stride}` : ""}`;
  const forward: Kernel = {
    name,
    shapes: [
      [batch, channels, size, size],
      [out, channels, kernel, kernel],
    ],
    compute: (x, weight) => conv2d(x, weight, null, { stride, padding }),
    flops: 2 * batch * out * outSize ** 2 * channels * kernel ** 2,
  };
  const result = [batch, out, outSize, outSize];
  return [
    forward,
    { ...gradient(forward, 0, result), name: `${name}, input gradient` },
    { ...gradient(forward, 1, result), name: `${name}, weight gradient` },
  ];
});
