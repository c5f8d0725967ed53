import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  bitwiseAnd,
  cast,
  ceil,
  clamp,
  cos,
  cosh,
  div,
  equal,
  erf,
  erfc,
  erfinv,
  exp,
  exp2,
  expm1,
  floor,
  floorDivide,
  fmod,
  gelu,
  greater,
  greaterEqual,
  hardtanh,
  hypot,
  less,
  lessEqual,
  log,
  log1p,
  log2,
  log10,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  type Operand,
  pow,
  relu,
  round,
  rsqrt,
  type Shape,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  sub,
  type Tensor,
  tan,
  tanh,
  tensor,
  trunc,
  where,
} from "@graftjs/tensor";
import { uniformArray } from "../random.ts";
import type { Case } from "./case.ts";

const unary: Record<string, (x: Tensor) => Tensor> = {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  erf,
  erfc,
  erfinv,
  exp,
  exp2,
  expm1,
  floor,
  gelu,
  hardtanh,
  log,
  log10,
  log1p,
  log2,
  neg,
  relu,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  tan,
  tanh,
  trunc,
  clamp: (x) => clamp(x, -1.25, 2),
};
const binary: Record<string, (x: Operand, y: Operand) => Tensor> = {
  add,
  atan2,
  div,
  equal,
  floorDivide,
  fmod,
  greater,
  greaterEqual,
  hypot,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  sub,
};
const integer: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
  add,
  bitwiseAnd,
  equal,
  floorDivide,
  fmod,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  sub,
};
const logical: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
  bitwiseAnd,
  equal,
  logicalAnd,
  logicalOr,
  maximum,
  minimum,
  notEqual,
  not: (x) => logicalNot(x),
};

/** Where an op is defined, if not everywhere. */
const domains: { readonly [name: string]: readonly [low: number, high: number] } = {
  acos: [-1, 1],
  acosh: [1, 50],
  asin: [-1, 1],
  atanh: [-0.999, 0.999],
  erfinv: [-0.999, 0.999],
  log: [1e-3, 9],
  log10: [1e-3, 9],
  log1p: [-0.999, 9],
  log2: [1e-3, 9],
  rsqrt: [1e-3, 9],
  sqrt: [1e-3, 9],
};

/** Pairs of shapes that broadcast, with long and short inner axes, and sizes that no vector width divides. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [[1003], [1003]],
  [
    [4, 5, 6],
    [5, 1],
  ],
  [[1], [3, 7]],
  [[], [19]],
  [
    [8, 1, 6],
    [7, 1],
  ],
  [
    [2, 3, 5, 7],
    [3, 1, 1],
  ],
  [[2, 3, 5, 7], [7]],
  [[0, 3], [3]],
];

const special = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-30,
  -1e-30,
  60,
  -60,
];

const floats = (shape: Shape, seed: number, low = -3, high = 3): Tensor =>
  tensor(uniformArray(size(shape), seed, low, high), shape);
const integers = (shape: Shape, seed: number): Tensor =>
  tensor(Array.from(uniformArray(size(shape), seed, -5, 5), Math.round), shape, { dtype: "int32" });
const bools = (shape: Shape, seed: number): Tensor =>
  tensor(Array.from(uniformArray(size(shape), seed, 0, 2), Math.floor), shape, { dtype: "bool" });
const size = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

/** Element-wise ops on long arrays, under broadcasting, on special values, and on int32 and bool. */
export function elementwiseCases(): Case[] {
  const cases: Case[] = [];
  for (const [name, fn] of Object.entries(unary)) {
    const x = floats([1003], 3, ...(domains[name] ?? [-9, 9]));
    cases.push({ name: `${name} of 1003`, fn: (t) => [fn(t)], inputs: [x] });
    cases.push({
      name: `${name} of special values`,
      fn: (t) => [fn(t)],
      inputs: [tensor(special)],
    });
    cases.push({ name: `${name} of nothing`, fn: (t) => [fn(t)], inputs: [tensor([], [2, 0])] });
  }
  for (const [name, fn] of Object.entries(binary)) {
    const [low, high] = name === "pow" ? [0.1, 4] : [-3, 3];
    for (const [a, b] of pairs) {
      const inputs = [floats(a, 5, low, high), floats(b, 6, low, high)];
      cases.push({
        name: `${name} of [${a}] and [${b}]`,
        fn: (x, y) => [fn(x as Tensor, y as Tensor), fn(y as Tensor, x as Tensor)],
        inputs,
      });
    }
    const grid = [tensor(special, [special.length, 1]), tensor(special)];
    cases.push({ name: `${name} of special values`, fn: (x, y) => [fn(x as Tensor, y as Tensor)], inputs: grid });
  }
  for (const [a, b] of pairs) {
    for (const [name, fn] of Object.entries(integer)) {
      cases.push({
        name: `${name} of int32 [${a}] and [${b}]`,
        fn: (x, y) => [fn(x as Tensor, y as Tensor)],
        inputs: [integers(a, 7), integers(b, 8)],
      });
    }
    for (const [name, fn] of Object.entries(logical)) {
      cases.push({
        name: `${name} of bool [${a}] and [${b}]`,
        fn: (x, y) => [fn(x as Tensor, y as Tensor)],
        inputs: [bools(a, 7), bools(b, 8)],
      });
    }
    cases.push({
      name: `where [${a}] and [${b}]`,
      fn: (c, x, y) => [where(c as Tensor, x as Tensor, y as Tensor), where(c as Tensor, y as Tensor, 1.5)],
      inputs: [bools(a, 1), floats(b, 2), floats(a, 3)],
    });
  }
  cases.push(
    {
      name: "where of int32",
      fn: (c, x) => [where(c as Tensor, x as Tensor, 7)],
      inputs: [bools([5, 9], 1), integers([9], 2)],
    },
    {
      name: "abs, neg and sign of int32",
      fn: (x) => [abs(x as Tensor), neg(x as Tensor), sign(x as Tensor)],
      inputs: [integers([77], 2)],
    },
    {
      name: "casts",
      fn: (f, i, b) => [
        cast(f as Tensor, "int32"),
        cast(f as Tensor, "bool"),
        cast(i as Tensor, "float32"),
        cast(i as Tensor, "bool"),
        cast(b as Tensor, "float32"),
        cast(b as Tensor, "int32"),
      ],
      inputs: [floats([130], 1, -9, 9), integers([67], 2), bools([35], 3)],
    },
    {
      name: "a chain over int32, bool and float",
      fn: (f, i) => {
        const big = logicalOr(greater(f as Tensor, 1), less(cast(i as Tensor, "float32"), f as Tensor));
        const picked = where(big, mul(f as Tensor, 2), sub(1, f as Tensor));
        return [picked, cast(big, "int32"), add(cast(picked, "int32"), i as Tensor)];
      },
      inputs: [floats([6, 1, 50], 1), integers([7, 1], 2)],
    },
    {
      name: "a long chain with several outputs",
      fn: (x, b) => {
        let y = x as Tensor;
        const kept: Tensor[] = [];
        for (let i = 0; i < 40; i++) {
          y = add(mul(tanh(y), 0.9), mul(b as Tensor, 0.1 * (i % 3)));
          if (i % 13 === 0) kept.push(y);
        }
        return [...kept, y, relu(y)];
      },
      inputs: [floats([3, 11, 13], 4), floats([11, 1], 5)],
    },
  );
  return cases;
}
