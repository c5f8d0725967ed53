import { conv2d } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

const batch = 8;

/** Channels, height and width, stride: those of MobileNetV2. */
const geometries = [
  [32, 112, 1],
  [96, 112, 2],
  [144, 56, 1],
  [144, 56, 2],
  [192, 28, 1],
  [192, 28, 2],
  [384, 14, 1],
  [576, 14, 2],
  [960, 7, 1],
] as const;

/** Forward, and both gradients, of 3×3 filters. */
export const depthwise: readonly Kernel[] = geometries.flatMap(([channels, size, stride]) => {
  const outSize = Math.ceil(size / stride);
  const name = `${channels}, ${size}²${stride > 1 ? `, stride ${stride}` : ""}`;
  const forward: Kernel = {
    name,
    shapes: [
      [batch, channels, size, size],
      [channels, 1, 3, 3],
    ],
    compute: (x, weight) => conv2d(x, weight, null, { stride, padding: 1, groups: channels }),
  };
  const result = [batch, channels, outSize, outSize];
  return [
    forward,
    { ...gradient(forward, 0, result), unread: 0, name: `${name}, input gradient` },
    { ...gradient(forward, 1, result), unread: 1, name: `${name}, weight gradient` },
  ];
});
