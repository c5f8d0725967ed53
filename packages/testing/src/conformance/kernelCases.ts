import {
  argmax,
  batchNorm,
  concat,
  expand,
  layerNorm,
  logSoftmax,
  matmul,
  max,
  mean,
  mul,
  oneHot,
  pad,
  permute,
  type Shape,
  slice,
  softmax,
  sum,
  type Tensor,
  tensor,
  transpose,
  variance,
} from "@graftjs/tensor";
import { arrayCases } from "./arrayCases.ts";
import type { Case } from "./case.ts";
import { convolutionCases } from "./convolutionCases.ts";
import { indexCases } from "./indexCases.ts";
import { poolCases } from "./poolCases.ts";
import { spatialCases } from "./spatialCases.ts";
import { random, sums, withGradients } from "./withGradients.ts";

function matmulCases(): Case[] {
  const cases: Case[] = [];
  const sizes: [m: number, k: number, n: number][] = [
    [1, 1, 1],
    [1, 300, 7],
    [64, 64, 64],
    [33, 129, 65],
    [5, 1, 200],
    [130, 7, 6],
    [4, 400, 120],
  ];
  for (const [m, k, n] of sizes) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const [a, b] = [random(transposeA ? [k, m] : [m, k], 1), random(transposeB ? [n, k] : [k, n], 2)];
      cases.push({
        name: `matmul ${m}×${k}×${n}${transposeA ? " Aᵀ" : ""}${transposeB ? " Bᵀ" : ""}`,
        fn: withGradients((x, y) => matmul(x as Tensor, y as Tensor, { transposeA, transposeB })),
        inputs: [a, b],
        tolerance: sums,
      });
    }
  }
  const stacks: [Shape, Shape][] = [
    [
      [3, 17, 40],
      [3, 40, 9],
    ],
    [
      [2, 1, 7, 8],
      [3, 8, 5],
    ],
    [
      [2, 3, 7, 8],
      [8, 5],
    ],
    [
      [7, 8],
      [2, 8, 5],
    ],
    [
      [0, 4],
      [4, 3],
    ],
    [
      [3, 0],
      [0, 2],
    ],
  ];
  for (const [a, b] of stacks) {
    cases.push({
      name: `matmul [${a}] by [${b}]`,
      fn: withGradients((x, y) => matmul(x as Tensor, y as Tensor)),
      inputs: [random(a, 1), random(b, 2)],
      tolerance: sums,
    });
  }
  return cases;
}

function normalisationCases(): Case[] {
  const shapes: [name: string, x: Tensor][] = [
    ["planes", random([4, 13, 9, 11], 1)],
    ["rows", random([32, 20], 2)],
    ["one plane", random([1, 3, 17, 5], 3)],
    ["far from zero", random([8, 5, 6, 7], 4, 99, 101)],
    ["constant", tensor(new Float32Array(8 * 3 * 4).fill(0.75), [8, 3, 4, 1])],
  ];
  const rows: [name: string, x: Tensor, shape: Shape][] = [
    ["rows", random([197, 192], 1), [192]],
    ["a stack, with tails", random([3, 23, 37], 2), [37]],
    ["two axes", random([5, 7, 9, 11], 3), [9, 11]],
    ["long rows", random([2, 1541], 4), [1541]],
    ["short rows", random([70, 3], 5), [3]],
    ["one row", random([13], 6), [13]],
    ["no rows", random([0, 5], 7), [5]],
    ["rows far from zero", random([9, 30], 8, 99, 101), [30]],
  ];
  const softmaxes: [Shape, number][] = [
    [[64, 257], 1],
    [[2, 21, 33], 1],
    [[5, 9], 0],
    [[3, 1], 1],
    [[1, 1000], 1],
  ];
  return [
    ...rows.map(
      ([name, x, shape]): Case => ({
        name: `layerNorm of ${name}`,
        fn: (input, weight, bias) => {
          const norm = (a: Tensor, b: Tensor, c: Tensor) => layerNorm(a, b, c, 1e-3);
          const { mean: m, inverseDeviation } = norm(input as Tensor, weight as Tensor, bias as Tensor);
          const gradients = withGradients((a, b, c) => norm(a as Tensor, b as Tensor, c as Tensor).y);
          return [...gradients(input as Tensor, weight as Tensor, bias as Tensor), m, inverseDeviation];
        },
        inputs: [x, random(shape, 9, 0.5, 2), random(shape, 10)],
        // Values around 100 keep 5 digits of their differences in float32.
        tolerance: name.includes("far from zero") ? { rtol: 1e-3, scale: 1e-4 } : sums,
      }),
    ),
    ...shapes.map(
      ([name, x]): Case => ({
        name: `batchNorm of ${name}`,
        fn: (input, weight, bias) => {
          const { mean: m, variance: v } = batchNorm(input as Tensor, weight as Tensor, bias as Tensor);
          return [
            ...withGradients((a, b, c) => batchNorm(a as Tensor, b as Tensor, c as Tensor).y)(
              input as Tensor,
              weight as Tensor,
              bias as Tensor,
            ),
            m,
            v,
          ];
        },
        inputs: [x, random([x.shape[1] as number], 5, 0.5, 2), random([x.shape[1] as number], 6)],
        // Values around 100 keep 5 digits of their differences in float32; the gradient of a constant divides by √epsilon.
        tolerance: name === "far from zero" || name === "constant" ? { rtol: 1e-3, scale: 1e-3 } : { scale: 2e-5 },
      }),
    ),
    ...softmaxes.flatMap(([shape, axis]): Case[] => [
      {
        name: `softmax of [${shape}] along ${axis}`,
        fn: withGradients((t) => softmax(t as Tensor, axis)),
        inputs: [random(shape, 1, -10, 10)],
        tolerance: { rtol: 3e-5 },
      },
      {
        name: `logSoftmax of [${shape}] along ${axis}`,
        fn: withGradients((t) => logSoftmax(t as Tensor, axis)),
        inputs: [random(shape, 1, -10, 10)],
        tolerance: sums,
      },
    ]),
    {
      name: "softmax of large values",
      fn: (t) => [softmax(t as Tensor), logSoftmax(t as Tensor)],
      inputs: [
        tensor([
          [1000, 999, -1000],
          [-1e30, 1e30, 0],
          [88, 89, 90],
        ]),
      ],
    },
    {
      name: "softmax with a masked place",
      fn: (t) => [softmax(t as Tensor)],
      inputs: [
        tensor([
          [0, Number.NEGATIVE_INFINITY, 1],
          [Number.NEGATIVE_INFINITY, 0, 0],
        ]),
      ],
    },
  ];
}

function reductionCases(): Case[] {
  const axes: (number[] | undefined)[] = [undefined, [0], [1], [2], [0, 1], [0, 2], [1, 2]];
  const cases: Case[] = axes.flatMap((list): Case[] => {
    const options = list ? { axes: list } : {};
    const label = list ? `axes ${list}` : "all axes";
    return [
      {
        name: `sum and mean over ${label}`,
        fn: (t) => [sum(t as Tensor, options), mean(t as Tensor, { ...options, keepDims: true })],
        inputs: [random([5, 33, 18], 1)],
        tolerance: sums,
      },
      {
        name: `variance over ${label}`,
        fn: withGradients((t) => variance(t as Tensor, options)),
        inputs: [random([5, 33, 18], 2)],
        tolerance: sums,
      },
      {
        name: `max over ${label}`,
        fn: withGradients((t) => max(t as Tensor, options)),
        inputs: [random([5, 33, 18], 3)],
      },
    ];
  });
  return [
    ...cases,
    ...[0, 1, 2].map(
      (axis): Case => ({
        name: `argmax along ${axis}`,
        fn: (t) => [argmax(t as Tensor, axis)],
        inputs: [random([5, 33, 18], 4)],
      }),
    ),
    {
      name: "sum of 100,003",
      fn: (t) => [sum(t as Tensor)],
      inputs: [random([100_003], 5)],
      tolerance: { scale: 1e-4 },
    },
    {
      name: "sum and max of int32",
      fn: (t) => [sum(t as Tensor, { axes: 1 }), max(t as Tensor, { axes: 0 })],
      inputs: [
        tensor(
          Int32Array.from({ length: 99 }, (_, i) => ((i * 37) % 50) - 25),
          [9, 11],
        ),
      ],
    },
    {
      name: "argmax of int32, ties and NaN",
      fn: (i, f) => [argmax(i as Tensor, 1), argmax(f as Tensor, 1)],
      inputs: [
        tensor(Int32Array.of(3, 1, 3, 2, 9, 9), [2, 3]),
        tensor([
          [1, Number.NaN, 2, Number.NaN],
          [5, 5, 5, 1],
        ]),
      ],
    },
    {
      name: "max of NaN and infinities",
      fn: (t) => [max(t as Tensor, { axes: 1 })],
      inputs: [
        tensor([
          [1, Number.NaN, 2],
          [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
          [Number.POSITIVE_INFINITY, 0, 1],
        ]),
      ],
    },
    {
      name: "sum over an empty axis",
      fn: (t) => [sum(t as Tensor, { axes: 0 }), sum(t as Tensor), sum(t as Tensor, { axes: 1 })],
      inputs: [tensor([], [0, 3])],
    },
    {
      name: "sums with NaN and infinities",
      fn: (t) => [sum(t as Tensor, { axes: 1 })],
      inputs: [
        tensor([
          [1, Number.NaN],
          [Number.POSITIVE_INFINITY, 1],
          [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        ]),
      ],
    },
  ];
}

function layoutCases(): Case[] {
  const indices = tensor(Int32Array.of(4, 0, 0, 3, 6, 6, 6), [7]);
  return [
    {
      name: "permute of 5 axes",
      fn: withGradients((t) => permute(t as Tensor, [4, 0, 3, 1, 2])),
      inputs: [random([2, 3, 4, 5, 6], 1)],
    },
    { name: "transpose", fn: withGradients((t) => transpose(t as Tensor, 0, 1)), inputs: [random([65, 33], 1)] },
    {
      name: "slice",
      fn: withGradients((t) => slice(slice(t as Tensor, 1, 2, -1), 2, -3)),
      inputs: [random([3, 7, 9], 1)],
    },
    { name: "an empty slice", fn: (t) => [slice(t as Tensor, 0, 2, 2)], inputs: [random([3, 7], 1)] },
    {
      name: "pad",
      fn: withGradients((t) =>
        pad(
          t as Tensor,
          [
            [0, 1],
            [2, 0],
            [3, 4],
          ],
          1.5,
        ),
      ),
      inputs: [random([3, 7, 9], 1)],
    },
    {
      name: "pad with -Infinity",
      fn: (t) => [pad(t as Tensor, [[1, 1]], Number.NEGATIVE_INFINITY)],
      inputs: [random([9], 1)],
    },
    { name: "expand", fn: withGradients((t) => expand(t as Tensor, [4, 3, 5, 7])), inputs: [random([3, 1, 7], 1)] },
    {
      name: "concat of rows",
      fn: withGradients((a, b, c) => concat([a as Tensor, b as Tensor, c as Tensor], 0)),
      inputs: [random([3, 7], 1), random([0, 7], 2), random([5, 7], 3)],
    },
    {
      name: "concat of channels",
      fn: withGradients((a, b) => concat([a as Tensor, b as Tensor], 1)),
      inputs: [random([2, 3, 5, 5], 1), random([2, 4, 5, 5], 2)],
    },
    {
      name: "concat of int32 and bool",
      fn: (a, b) => [concat([a as Tensor, a as Tensor], 0), concat([b as Tensor, b as Tensor], 0)],
      inputs: [indices, tensor([1, 0, 1], [3], { dtype: "bool" })],
    },
    {
      name: "permute, slice, pad and expand of int32 and bool",
      fn: (i, b) =>
        [i, b].flatMap((t) => [
          transpose(t as Tensor, 0, 1),
          slice(t as Tensor, 1, 1),
          pad(
            t as Tensor,
            [
              [1, 0],
              [0, 1],
            ],
            1,
          ),
          expand(t as Tensor, [2, 2, 3]),
        ]),
      inputs: [tensor(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3]), tensor([1, 0, 1, 0, 0, 1], [2, 3], { dtype: "bool" })],
    },
    { name: "oneHot", fn: (i) => [oneHot(i as Tensor, 7), oneHot(i as Tensor, 3, "int32")], inputs: [indices] },
    {
      name: "cross-entropy",
      fn: withGradients((t, i) =>
        mul(mean(sum(mul(logSoftmax(t as Tensor), oneHot(i as Tensor, 10)), { axes: 1 })), -1),
      ),
      inputs: [random([7, 10], 1, -4, 4), indices],
    },
  ];
}

/** The heavy kernels and everything else that is not element-wise, on larger inputs, with their gradients. */
export function kernelCases(): Case[] {
  return [
    ...matmulCases(),
    ...convolutionCases(),
    ...poolCases(),
    ...normalisationCases(),
    ...reductionCases(),
    ...layoutCases(),
    ...indexCases(),
    ...spatialCases(),
    ...arrayCases(),
  ];
}
