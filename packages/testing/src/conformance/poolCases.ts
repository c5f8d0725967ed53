import {
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  avgPool2d,
  maxPool2d,
  type PoolOptions,
  type Shape,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import type { Case } from "./case.ts";
import { random, withGradients } from "./withGradients.ts";

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
      inputs: [tensor([1, 1, 0, Number.NaN, 1, 1, 2, 3, -0, 0, -1, -1, 0, -0, -1, -2], [1, 1, 4, 4])],
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
