import {
  type AvgPoolOptions,
  abs,
  adaptiveAvgPool2d,
  adaptiveMaxPool2dWithIndices,
  add,
  avgPool2d,
  lpPool2d,
  maxPool2d,
  maxPool2dWithIndices,
  maxUnpool2d,
  type PoolOptions,
  type Shape,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import type { Case } from "./case.ts";
import { random, withGradients } from "./withGradients.ts";

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];

/** Pooling windows of all geometries, with their gradients. */
export function poolCases(): Case[] {
  const windows: [name: string, x: Shape, kernel: number | [number, number], options: PoolOptions][] = [
    ["2", [2, 5, 12, 14], 2, {}],
    ["2, odd sizes", [1, 3, 13, 11], 2, {}],
    ["3 stride 2 padding 1", [2, 6, 17, 18], 3, { stride: 2, padding: 1 }],
    ["3 stride 2, rounded up", [2, 6, 14, 16], 3, { stride: 2, ceilMode: true }],
    ["3 stride 1", [1, 4, 9, 40], 3, { stride: 1, padding: 1 }],
    ["2×3, stride 1×2", [1, 4, 9, 10], [2, 3], { stride: [1, 2] }],
    ["asymmetric padding", [1, 4, 8, 8], 3, { stride: 2, padding: [0, 0, 1, 1] }],
    ["larger than a vector", [1, 2, 30, 30], 9, { stride: 7 }],
    ["dilation 2×3, rounded up", [1, 3, 16, 29], 3, { stride: [2, 1], padding: 2, dilation: [2, 3], ceilMode: true }],
    ["an empty batch", [0, 3, 6, 6], 2, {}],
  ];
  const average = (options: AvgPoolOptions, countIncludePad: boolean): AvgPoolOptions => ({
    ...options,
    countIncludePad,
  });
  return [
    ...windows.flatMap(([name, x, kernel, options]): Case[] => [
      {
        name: `maxPool2d ${name}`,
        fn: withGradients((t) => maxPool2d(t as Tensor, kernel, options)),
        inputs: [random(x, 1)],
      },
      {
        name: `avgPool2d ${name}`,
        fn: withGradients((t) => avgPool2d(t as Tensor, kernel, average(options, true))),
        inputs: [random(x, 2)],
      },
      {
        name: `avgPool2d ${name}, padding not counted`,
        fn: withGradients((t) => avgPool2d(t as Tensor, kernel, average(options, false))),
        inputs: [random(x, 3)],
      },
    ]),
    {
      name: "maxPool2d dilation 2",
      fn: withGradients((t) => maxPool2d(t as Tensor, 3, { stride: 1, dilation: 2 })),
      inputs: [random([2, 3, 11, 12], 1)],
    },
    {
      name: "maxPool2d of ties and NaN",
      fn: withGradients((t) => maxPool2d(t as Tensor, 2)),
      inputs: [tensor([1, 1, 0, nan, 1, 1, 2, 3, -0, 0, -1, -1, 0, -0, -1, -2], [1, 1, 4, 4])],
    },
    {
      name: "maxPool2d and where the maxima are, of several NaN",
      fn: (t) =>
        [2, 3].flatMap((stride) => Object.values(maxPool2dWithIndices(t as Tensor, 3, { stride, padding: 1 }))),
      inputs: [
        tensor(
          Float32Array.from({ length: 2 * 9 * 17 }, (_, i) => [nan, 1, -inf, 2, nan, inf, -inf][(i * i) % 7] as number),
          [1, 2, 9, 17],
        ),
      ],
    },
    {
      name: "avgPool2d of a given divisor",
      fn: withGradients((t) =>
        avgPool2d(t as Tensor, 3, { stride: 2, padding: 1, ceilMode: true, divisorOverride: -4 }),
      ),
      inputs: [random([2, 3, 14, 19], 5)],
    },
    {
      name: "adaptiveMaxPool2d and where the maxima are",
      fn: (t) =>
        [
          [3, 4],
          [14, 20],
        ].flatMap((size) => Object.values(adaptiveMaxPool2dWithIndices(t as Tensor, size as [number, number]))),
      inputs: [random([2, 3, 14, 19], 6)],
    },
    {
      name: "lpPool2d and maxUnpool2d",
      fn: withGradients((t) => {
        const { values, indices } = maxPool2dWithIndices(lpPool2d(add(abs(t as Tensor), 0.1), 3, 2), 2);
        return maxUnpool2d(values, indices, 2);
      }),
      inputs: [random([2, 3, 16, 20], 7)],
    },
    ...(
      [
        [
          [2, 5, 7, 7],
          [1, 1],
        ],
        [
          [2, 3, 9, 8],
          [3, 2],
        ],
        [
          [1, 2, 5, 4],
          [7, 9],
        ],
        [
          [1, 8, 14, 14],
          [7, 7],
        ],
      ] as [Shape, [number, number]][]
    ).map(
      ([x, size]): Case => ({
        name: `adaptiveAvgPool2d [${x}] to ${size}`,
        fn: withGradients((t) => adaptiveAvgPool2d(t as Tensor, size)),
        inputs: [random(x, 4)],
      }),
    ),
  ];
}
