import {
  all,
  any,
  argmax,
  argmin,
  cumprod,
  cumsum,
  diagEmbed,
  diagonal,
  einsum,
  flip,
  gather,
  indexSelect,
  logsumexp,
  max,
  median,
  min,
  norm,
  pad,
  prod,
  quantile,
  type ReduceOptions,
  roll,
  type Shape,
  scatter,
  scatterAdd,
  scatterReduce,
  slice,
  sort,
  std,
  type Tensor,
  tensor,
  topK,
  tril,
} from "@graftjs/tensor";
import { uniformArray } from "../random.ts";
import type { Case } from "./case.ts";
import { random, sums, withGradients } from "./withGradients.ts";

const integers = (shape: Shape, seed: number, low: number, high: number): Tensor =>
  tensor(
    Array.from(
      uniformArray(
        shape.reduce((n, d) => n * d, 1),
        seed,
        low,
        high,
      ),
      Math.floor,
    ),
    shape,
    {
      dtype: "int32",
    },
  );
const bools = (shape: Shape, seed: number): Tensor =>
  tensor(integers(shape, seed, 0, 2).toArray() as Int32Array, shape, { dtype: "bool" });

const special = tensor([
  [1, Number.NaN, 2, -0, 0],
  [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1],
  [Number.POSITIVE_INFINITY, 0, 1, -3, 0],
  [0, -0, 0, -0, 0],
]);

function reductions(): Case[] {
  const axes: (number[] | undefined)[] = [undefined, [0], [1], [2], [0, 1], [0, 2], [1, 2]];
  const over = (list: number[] | undefined): ReduceOptions => (list ? { axes: list } : {});
  return [
    ...axes.flatMap((list): Case[] => [
      {
        name: `min over ${list}`,
        fn: withGradients((t) => min(t as Tensor, over(list))),
        inputs: [random([5, 33, 18], 3)],
      },
      {
        name: `prod over ${list}`,
        fn: withGradients((t) => prod(t as Tensor, over(list))),
        inputs: [random([3, 9, 18], 3, 0.8, 1.2)],
        tolerance: { rtol: 1e-4 },
      },
      {
        name: `norm, std and logsumexp over ${list}`,
        fn: (t) => [
          ...withGradients((x) => norm(x as Tensor, 2, over(list)))(t as Tensor),
          ...withGradients((x) => std(x as Tensor, over(list)))(t as Tensor),
          ...withGradients((x) => logsumexp(x as Tensor, over(list)))(t as Tensor),
        ],
        inputs: [random([5, 33, 18], 2)],
        tolerance: sums,
      },
    ]),
    {
      name: "min and prod of int32",
      fn: (t) => [
        ...[0, 1].flatMap((axis) => [min(t as Tensor, { axes: axis }), prod(t as Tensor, { axes: axis })]),
        min(t as Tensor),
        prod(t as Tensor),
      ],
      inputs: [integers([9, 11], 1, -9, 9)],
    },
    {
      name: "prod of 5,003, and of nothing",
      fn: (t) => [prod(t as Tensor), prod(slice(t as Tensor, 0, 0, 0)), prod(slice(t as Tensor, 0, 3), { axes: [] })],
      inputs: [random([5003], 1, 0.99, 1.01)],
      tolerance: { rtol: 1e-4 },
    },
    {
      name: "min, argmin, argmax, prod, all and any of special values",
      fn: (t) =>
        [0, 1].flatMap((axis) => {
          const x = t as Tensor;
          const o = { axes: axis };
          return [min(x, o), max(x, o), argmin(x, axis), argmax(x, axis), prod(x, o), all(x, o), any(x, o)];
        }),
      inputs: [special],
    },
    {
      name: "argmin and argmax of int32, and of all",
      fn: (t) => [argmin(t as Tensor, 1), argmax(t as Tensor, 0), argmin(t as Tensor), argmax(t as Tensor)],
      inputs: [integers([7, 13], 2, -4, 4)],
    },
    ...[0, 1, 2].map(
      (axis): Case => ({
        name: `cumsum and cumprod along ${axis}`,
        fn: (t) => [
          ...withGradients((x) => cumsum(x as Tensor, axis))(t as Tensor),
          ...withGradients((x) => cumprod(x as Tensor, axis))(t as Tensor),
        ],
        inputs: [random([5, 33, 18], 2)],
        tolerance: sums,
      }),
    ),
    {
      name: "cumsum and cumprod of int32, of special values, and of nothing",
      fn: (i, t) => [
        ...[0, 1].flatMap((axis) => [cumsum(i as Tensor, axis), cumprod(i as Tensor, axis)]),
        ...[0, 1].flatMap((axis) => [cumsum(t as Tensor, axis), cumprod(t as Tensor, axis)]),
        cumsum(slice(t as Tensor, 0, 0, 0), 0),
      ],
      inputs: [integers([40, 11], 2, -9, 9), special],
    },
    {
      name: "cumsum of 100,003",
      fn: (t) => [cumsum(t as Tensor, 0)],
      inputs: [random([100_003], 5)],
      tolerance: { scale: 1e-6 },
    },
  ];
}

function moving(): Case[] {
  const steps: [start: number | undefined, end: number | undefined, step: number][] = [
    [1, undefined, 2],
    [undefined, undefined, -1],
    [-2, 1, -3],
    [undefined, undefined, 9],
  ];
  return [
    ...steps.flatMap(([start, end, step]) =>
      [0, 1, 2].map(
        (axis): Case => ({
          name: `slice ${start}:${end}:${step} of axis ${axis}`,
          fn: withGradients((t) => slice(t as Tensor, axis, start, end, step)),
          inputs: [random([9, 17, 35], 1)],
        }),
      ),
    ),
    {
      name: "steps, flip and roll of int32 and bool",
      fn: (i, b) =>
        [i, b].flatMap((t) => [
          slice(t as Tensor, 1, -1, 0, -2),
          flip(t as Tensor),
          roll(t as Tensor, [1, -2], [0, 1]),
        ]),
      inputs: [integers([5, 7], 1, -9, 9), bools([5, 7], 2)],
    },
    { name: "flip", fn: withGradients((t) => flip(t as Tensor, [0, 2])), inputs: [random([3, 17, 65], 1)] },
    { name: "roll", fn: withGradients((t) => roll(t as Tensor, [5, -3], [0, 2])), inputs: [random([7, 9, 33], 1)] },
    ...(["reflect", "replicate", "circular"] as const).map(
      (mode): Case => ({
        name: `pad, ${mode}`,
        fn: withGradients((t) =>
          pad(
            t as Tensor,
            [
              [0, 0],
              [0, 0],
              [3, 1],
              [2, 4],
            ],
            { mode },
          ),
        ),
        inputs: [random([2, 3, 9, 11], 1)],
      }),
    ),
    { name: "tril", fn: withGradients((t) => tril(t as Tensor, 1)), inputs: [random([3, 17, 19], 1)] },
    { name: "diagonal", fn: withGradients((t) => diagonal(t as Tensor, -2, 0, 2)), inputs: [random([17, 3, 19], 1)] },
    { name: "diagEmbed", fn: withGradients((t) => diagEmbed(t as Tensor, 2)), inputs: [random([3, 19], 1)] },
    {
      name: "einsum with a batch, and of three",
      fn: (a, b, c) => [
        ...withGradients((x, y) => einsum("bhqd,bkhd->bhqk", x as Tensor, y as Tensor))(a as Tensor, b as Tensor),
        ...withGradients((x, y, z) => einsum("bhqd,bkhd,k->qb", x as Tensor, y as Tensor, z as Tensor))(
          a as Tensor,
          b as Tensor,
          c as Tensor,
        ),
      ],
      inputs: [random([2, 3, 17, 8], 1), random([2, 19, 3, 8], 2), random([19], 3)],
      tolerance: sums,
    },
  ];
}

function indexing(): Case[] {
  const shapes: [x: Shape, indices: Shape, axis: number][] = [
    [[70, 3], [90, 3], 0],
    [[3, 70], [3, 31], 1],
    [[7, 9, 33], [7, 20, 33], 1],
    [[6, 5], [0, 5], 0],
    [[4, 0], [3, 0], 0],
  ];
  return [
    ...shapes.flatMap(([x, at, axis]): Case[] => {
      const inputs = [random(x, 1), integers(at, 2, 0, x[axis] as number), random(at, 3)];
      const label = `[${x}] by [${at}] along ${axis}`;
      return [
        { name: `gather ${label}`, fn: withGradients((t, i) => gather(t as Tensor, i as Tensor, axis)), inputs },
        {
          name: `scatterAdd ${label}`,
          fn: withGradients((t, i, s) => scatterAdd(t as Tensor, i as Tensor, s as Tensor, axis)),
          inputs,
          tolerance: sums,
        },
        {
          name: `scatter ${label}`,
          fn: withGradients((t, i, s) => scatter(t as Tensor, i as Tensor, s as Tensor, axis)),
          inputs,
        },
        ...(["prod", "amax", "amin"] as const).map(
          (reduction): Case => ({
            name: `scatterReduce ${label}, ${reduction}`,
            fn: withGradients((t, i, s) => scatterReduce(t as Tensor, i as Tensor, s as Tensor, axis, reduction)),
            inputs,
            tolerance: sums,
          }),
        ),
      ];
    }),
    {
      name: "gather, scatter and scatterAdd of int32 and bool",
      fn: (i, b, at) => [
        gather(i as Tensor, at as Tensor, 1),
        gather(b as Tensor, at as Tensor, 1),
        scatter(i as Tensor, at as Tensor, at as Tensor, 1),
        scatter(b as Tensor, at as Tensor, 1, 1),
        scatterAdd(i as Tensor, at as Tensor, at as Tensor, 1),
        indexSelect(b as Tensor, [2, 0, 2], 1),
      ],
      inputs: [integers([5, 7], 1, -9, 9), bools([5, 7], 2), integers([5, 9], 3, 0, 7)],
    },
    {
      name: "scatterAdd of 20,000 to 10 places",
      fn: withGradients((t, i, s) => scatterAdd(t as Tensor, i as Tensor, s as Tensor, 0)),
      inputs: [random([10, 4], 1), integers([5000, 4], 2, 0, 10), random([5000, 4], 3)],
      tolerance: { scale: 1e-5 },
    },
  ];
}

function ordering(): Case[] {
  const shapes: [Shape, number][] = [
    [[3, 1000], 1],
    [[100, 7], 0],
    [[4, 33, 5], 1],
    [[6, 16], 1],
    [[6, 17], 1],
    [[2, 1], 1],
    [[0, 4], 1],
    [[4, 0], 1],
  ];
  const ties = tensor(Array.from(integers([3, 500], 7, -20, 20).toArray()), [3, 500]);
  return [
    ...shapes.map(
      ([shape, axis]): Case => ({
        name: `sort of [${shape}] along ${axis}`,
        fn: (t) => {
          const down = sort(t as Tensor, axis, { descending: true });
          const up = withGradients((x) => sort(x as Tensor, axis).values)(t as Tensor);
          return [...up, sort(t as Tensor, axis).indices, down.values, down.indices];
        },
        inputs: [random(shape, 1)],
      }),
    ),
    {
      name: "sort of equal elements, of special values and of int32",
      fn: (...inputs) =>
        inputs.flatMap((t) =>
          [false, true].flatMap((descending) => Object.values(sort(t as Tensor, 1, { descending })) as Tensor[]),
        ),
      inputs: [
        ties,
        special,
        tensor(Int32Array.of(2 ** 31 - 1, 0, -1, -(2 ** 31), 5, -7, 0, 3, 1, -(2 ** 31)), [2, 5]),
      ],
    },
    {
      name: "topK, median and quantile",
      fn: (t) => [
        ...withGradients((x) => topK(x as Tensor, 5).values)(t as Tensor),
        topK(t as Tensor, 5, { axis: 0, largest: false }).indices,
        ...withGradients((x) => median(x as Tensor, { axis: 0 }))(t as Tensor),
        ...withGradients((x) => quantile(x as Tensor, 0.3))(t as Tensor),
      ],
      inputs: [random([13, 200], 1)],
    },
  ];
}

/** Reductions, moves, indexing and sorting on larger inputs, with their gradients. */
export function arrayCases(): Case[] {
  return [...reductions(), ...moving(), ...indexing(), ...ordering()];
}
