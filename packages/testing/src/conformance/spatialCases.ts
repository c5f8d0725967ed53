import {
  type ConvTranspose2dOptions,
  channelShuffle,
  conv1d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  fold,
  type GroupNormOptions,
  groupNorm,
  type InterpolateOptions,
  instanceNorm,
  interpolate,
  localResponseNorm,
  normalize,
  pixelShuffle,
  pixelUnshuffle,
  rmsNorm,
  type Shape,
  type Tensor,
  tensor,
  unfold,
} from "@graftjs/tensor";
import type { Case } from "./case.ts";
import { random, sums, withGradients } from "./withGradients.ts";

function transposedCases(): Case[] {
  const geometries: [name: string, x: Shape, w: Shape, options: ConvTranspose2dOptions][] = [
    ["2×2 stride 2", [2, 16, 9, 10], [16, 12, 2, 2], { stride: 2 }],
    ["4×4 stride 2 padding 1", [2, 20, 8, 7], [20, 9, 4, 4], { stride: 2, padding: 1 }],
    ["3×3 with output padding", [1, 16, 14, 13], [16, 24, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }],
    ["3×3 stride 1, large enough for Winograd", [2, 32, 16, 15], [32, 24, 3, 3], { padding: 1 }],
    [
      "dilation, output padding as large as the stride",
      [1, 6, 9, 8],
      [6, 5, 3, 3],
      { dilation: 3, outputPadding: [1, 2] },
    ],
    ["output padding larger than padding", [1, 6, 9, 8], [6, 5, 3, 3], { dilation: 3, padding: 1, outputPadding: 2 }],
    ["2 groups, dilation 2", [2, 8, 6, 7], [8, 6, 3, 2], { groups: 2, dilation: 2, stride: [1, 3] }],
    ["depthwise", [2, 12, 9, 9], [12, 1, 3, 3], { groups: 12, stride: 2, padding: 1, outputPadding: 1 }],
    ["1×1", [1, 24, 11, 6], [24, 10, 1, 1], {}],
    ["an empty batch", [0, 4, 5, 5], [4, 3, 3, 3], { stride: 2 }],
  ];
  return geometries.map(([name, x, w, options]) => ({
    name: `convTranspose2d ${name}`,
    fn: withGradients((input, weight, bias) => convTranspose2d(input as Tensor, weight as Tensor, bias, options)),
    inputs: [random(x, 1), random(w, 2), random([(w[1] as number) * (options.groups ?? 1)], 3)],
    tolerance: sums,
  }));
}

function otherConvolutions(): Case[] {
  const inputs = (...shapes: Shape[]): Tensor[] => shapes.map((shape, i) => random(shape, i + 1));
  return [
    {
      name: "conv1d",
      fn: withGradients((x, w, b) => conv1d(x as Tensor, w as Tensor, b, { stride: 2, padding: 3, dilation: 2 })),
      inputs: inputs([3, 12, 61], [20, 12, 5], [20]),
      tolerance: sums,
    },
    {
      name: "convTranspose1d",
      fn: withGradients((x, w, b) =>
        convTranspose1d(x as Tensor, w as Tensor, b, { stride: 3, padding: 1, outputPadding: 2 }),
      ),
      inputs: inputs([3, 12, 31], [12, 10, 5], [10]),
      tolerance: sums,
    },
    {
      name: "conv3d",
      fn: withGradients((x, w, b) => conv3d(x as Tensor, w as Tensor, b, { stride: [1, 2, 1], padding: 1, groups: 2 })),
      inputs: inputs([2, 6, 7, 9, 8], [10, 3, 3, 3, 3], [10]),
      tolerance: sums,
    },
    {
      name: "unfold and fold",
      fn: withGradients((x) => {
        const options = { padding: 1, stride: 2 };
        return fold(unfold(x as Tensor, 3, options), [15, 14], 3, options);
      }),
      inputs: inputs([2, 5, 15, 14]),
    },
    {
      name: "pixels and channels shuffled",
      fn: withGradients((x) => channelShuffle(pixelShuffle(pixelUnshuffle(pixelShuffle(x as Tensor, 2), 4), 2), 3)),
      inputs: inputs([2, 24, 6, 10]),
    },
  ];
}

function resizeCases(): Case[] {
  const cases: [Shape, InterpolateOptions][] = [
    [[2, 5, 17, 13], { scaleFactor: 2 }],
    [[2, 5, 17, 13], { size: [30, 7], mode: "nearest-exact" }],
    [[2, 5, 17, 13], { scaleFactor: [2, 1.7], mode: "bilinear" }],
    [[2, 5, 17, 13], { size: [7, 40], mode: "bilinear", alignCorners: true }],
    [[2, 5, 17, 13], { size: [40, 9], mode: "bicubic" }],
    [[1, 3, 64, 50], { size: [9, 16], mode: "bilinear", antialias: true }],
    [[1, 3, 64, 50], { size: [20, 60], mode: "bicubic", antialias: true }],
    [[2, 5, 61], { size: 100, mode: "linear" }],
    [[1, 4, 5, 9, 8], { scaleFactor: 2, mode: "trilinear" }],
    [[2, 3, 20, 21], { size: [6, 30], mode: "area" }],
  ];
  return [
    ...cases.map(
      ([shape, options]): Case => ({
        name: `interpolate [${shape}] ${JSON.stringify(options)}`,
        fn: withGradients((x) => interpolate(x as Tensor, options)),
        inputs: [random(shape, 1)],
      }),
    ),
    {
      name: "interpolate where there are NaN and infinities",
      fn: (x) => [
        interpolate(x as Tensor, { scaleFactor: 2, mode: "bilinear" }),
        interpolate(x as Tensor, { size: [11, 13], mode: "bicubic" }),
      ],
      inputs: [
        tensor(
          Float32Array.from({ length: 64 }, (_, i) =>
            i === 18 ? Number.NaN : i === 37 ? Number.NEGATIVE_INFINITY : i,
          ),
          [1, 1, 8, 8],
        ),
      ],
    },
  ];
}

function normalisationCases(): Case[] {
  const affine = (weight?: Tensor, bias?: Tensor): GroupNormOptions => ({ weight: weight ?? null, bias: bias ?? null });
  return [
    {
      name: "groupNorm",
      fn: withGradients((x, w, b) => groupNorm(x as Tensor, 4, affine(w, b))),
      inputs: [random([3, 12, 7, 9], 1), random([12], 2, 0.5, 2), random([12], 3)],
      tolerance: { scale: 2e-5 },
    },
    {
      name: "groupNorm of rows, and of single values",
      fn: withGradients((x) => groupNorm(groupNorm(x as Tensor, 4), 20)),
      inputs: [random([9, 20], 4)],
    },
    {
      name: "instanceNorm",
      fn: withGradients((x, w, b) => instanceNorm(x as Tensor, affine(w, b)).y),
      inputs: [random([3, 12, 7, 9], 1), random([12], 2, 0.5, 2), random([12], 3)],
      tolerance: { scale: 2e-5 },
    },
    {
      name: "rmsNorm",
      fn: withGradients((x, weight) => rmsNorm(x as Tensor, [5, 33], { weight: weight as Tensor })),
      inputs: [random([4, 7, 5, 33], 1), random([5, 33], 2)],
      tolerance: sums,
    },
    {
      name: "localResponseNorm",
      fn: withGradients((x) => localResponseNorm(x as Tensor, 5, { alpha: 0.5 })),
      inputs: [random([2, 16, 7, 9], 1)],
    },
    {
      name: "normalize",
      fn: withGradients((x) => normalize(x as Tensor, { axis: -1 })),
      inputs: [random([50, 33], 1)],
      tolerance: sums,
    },
    {
      name: "normalisations of nothing",
      fn: withGradients((x) => groupNorm(instanceNorm(x as Tensor).y, 2)),
      inputs: [random([0, 4, 3, 3], 1)],
    },
  ];
}

/** Convolutions, resizing and normalisations that are composed of other ops, on larger inputs, with their gradients. */
export function spatialCases(): Case[] {
  return [...transposedCases(), ...otherConvolutions(), ...resizeCases(), ...normalisationCases()];
}
