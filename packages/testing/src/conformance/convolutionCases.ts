import { add, type Conv2dOptions, clamp, conv2d, relu, type Shape, type Tensor } from "@graftjs/tensor";
import type { Case } from "./case.ts";
import { random, sums, withGradients } from "./withGradients.ts";

/** Convolutions of all geometries, with their gradients. */
export function convolutionCases(): Case[] {
  const geometries: [name: string, x: Shape, w: Shape, options: Conv2dOptions][] = [
    ["3×3", [2, 16, 20, 19], [24, 16, 3, 3], { padding: 1 }],
    // Large enough for Winograd's algorithm, which cuts planes into tiles of 4×4: odd planes, odd numbers of channels,
    // more and fewer tiles than channels, tiles that span images.
    ["3×3, odd sizes, four paddings", [2, 17, 18, 15], [19, 17, 3, 3], { padding: [2, 0, 1, 2] }],
    ["3×3, many outputs, no padding", [2, 18, 16, 13], [50, 18, 3, 3], {}],
    ["3×3, many inputs, padding 2", [1, 61, 13, 14], [16, 61, 3, 3], { padding: 2 }],
    ["3×3, small planes of many images", [9, 16, 7, 7], [103, 16, 3, 3], { padding: 1 }],
    ["3×3, many tiles", [1, 16, 37, 38], [25, 16, 3, 3], { padding: 1 }],
    ["3×3, a wide plane", [1, 16, 4, 130], [16, 16, 3, 3], { padding: 1 }],
    ["3×3, no padding", [1, 5, 9, 11], [7, 5, 3, 3], {}],
    ["3×3, few channels", [3, 1, 28, 28], [6, 1, 3, 3], {}],
    ["3×3 stride 2", [2, 8, 17, 18], [16, 8, 3, 3], { padding: 1, stride: 2 }],
    ["1×1", [2, 32, 9, 9], [40, 32, 1, 1], {}],
    ["1×1 stride 2", [2, 12, 9, 8], [20, 12, 1, 1], { stride: 2 }],
    ["5×5", [2, 3, 16, 15], [8, 3, 5, 5], { padding: 2 }],
    ["7×7 stride 2", [1, 3, 32, 32], [16, 3, 7, 7], { padding: 3, stride: 2 }],
    ["asymmetric padding, stride 2", [2, 4, 12, 12], [9, 4, 3, 3], { padding: [0, 0, 1, 1], stride: 2 }],
    ["four paddings", [1, 4, 8, 7], [5, 4, 3, 3], { padding: [1, 2, 0, 3] }],
    ["dilation 2", [2, 6, 13, 12], [8, 6, 3, 3], { padding: 2, dilation: 2 }],
    ["dilation 1×3, stride 2×1", [1, 6, 13, 14], [8, 6, 2, 3], { dilation: [1, 3], stride: [2, 1] }],
    ["2 groups", [2, 8, 9, 10], [12, 4, 3, 3], { groups: 2, padding: 1 }],
    ["4 groups, stride 2", [1, 8, 9, 10], [4, 2, 3, 3], { groups: 4, stride: 2 }],
    ["depthwise 3×3", [2, 24, 14, 13], [24, 1, 3, 3], { groups: 24, padding: 1 }],
    ["depthwise 3×3 stride 2", [2, 24, 15, 14], [24, 1, 3, 3], { groups: 24, padding: 1, stride: 2 }],
    ["depthwise 3×3 asymmetric", [1, 8, 16, 16], [8, 1, 3, 3], { groups: 8, padding: [0, 0, 1, 1], stride: 2 }],
    ["depthwise 5×5", [1, 10, 11, 33], [10, 1, 5, 5], { groups: 10, padding: 2 }],
    ["depthwise, dilation 2", [1, 6, 12, 12], [6, 1, 3, 3], { groups: 6, padding: 2, dilation: 2 }],
    ["depthwise, multiplier 3", [2, 4, 7, 8], [12, 1, 3, 3], { groups: 4, padding: 1 }],
    ["3×1", [1, 4, 9, 10], [4, 4, 3, 1], { padding: [1, 0] }],
    ["1×5", [1, 4, 9, 10], [4, 4, 1, 5], { padding: [0, 2] }],
    ["one output channel", [2, 7, 6, 6], [1, 7, 3, 3], {}],
    ["one pixel", [3, 20, 1, 1], [10, 20, 1, 1], {}],
    ["kernel as large as the input", [2, 5, 6, 6], [9, 5, 6, 6], {}],
    ["a stride that skips input", [1, 3, 10, 10], [4, 3, 2, 2], { stride: 4 }],
    ["an empty batch", [0, 3, 5, 5], [4, 3, 3, 3], {}],
  ];
  const gradients: Case[] = geometries.map(([name, x, w, options]) => ({
    name: `conv2d ${name}`,
    fn: withGradients((input, weight, bias) => conv2d(input as Tensor, weight as Tensor, bias, options)),
    inputs: [random(x, 1), random(w, 2), random([w[0] as number], 3)],
    tolerance: sums,
  }));
  // What programs fuse with a convolution.
  const fused: Case[] = [17, 70].map((outputs) => ({
    name: `conv2d 3×3 to ${outputs} with bias, residual and bounds`,
    fn: (...tensors) => {
      const [x, w, bias, residual] = tensors as [Tensor, Tensor, Tensor, Tensor];
      const y = conv2d(x, w, bias, { padding: 1 });
      const z = conv2d(x, w, null, { padding: 1 });
      return [relu(add(y, residual)), clamp(z, -1, 2)];
    },
    inputs: [
      random([3, 20, 14, 9], 1),
      random([outputs, 20, 3, 3], 2),
      random([outputs], 3),
      random([3, outputs, 14, 9], 4),
    ],
    tolerance: sums,
  }));
  return [...gradients, ...fused];
}
