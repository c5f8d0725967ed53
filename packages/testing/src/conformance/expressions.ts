import {
  abs,
  add,
  concat,
  cos,
  div,
  exp,
  expand,
  gradients,
  greater,
  less,
  logicalOr,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  permute,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  softmax,
  sqrt,
  sub,
  sum,
  Tensor,
  tanh,
  tensor,
  where,
} from "@graftjs/tensor";
import fc from "fast-check";
import { uniformArray } from "../random.ts";
import type { Case } from "./case.ts";

/** One step of a random program: which op, on which earlier values. Numbers are taken modulo what there is. */
interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
}

interface Program {
  readonly rows: number;
  readonly columns: number;
  readonly steps: readonly Step[];
  readonly outputs: readonly number[];
  readonly differentiate: boolean;
}

type Rule = (a: Tensor, b: Tensor, original: Tensor) => Tensor;

// Values stay within a few units, so that errors do; comparisons look at inputs alone, which are the same everywhere.
const smooth: readonly Rule[] = [
  (a) => tanh(a),
  (a) => sigmoid(a),
  (a) => neg(a),
  (a) => sin(a),
  (a) => cos(a),
  (a) => exp(neg(mul(a, a))),
  (a) => sqrt(add(mul(a, a), 0.1)),
  (a, b) => tanh(add(a, b)),
  (a, b) => mul(sub(a, b), 0.5),
  (a, b) => tanh(mul(a, b)),
  (a, b) => div(a, add(mul(b, b), 1)),
  (a, b, x) => where(greater(x, 0.1), a, mul(b, 0.5)),
  (a, b, x) => where(logicalOr(less(x, -0.5), greater(x, 0.7)), a, b),
  (a) => add(a, mean(a, { axes: 1, keepDims: true })),
  (a) => sub(a, expand(mean(a, { axes: 0, keepDims: true }), a.shape)),
  (a) => add(mul(sum(a), 0.01), a),
  (a, b) => tanh(matmul(matmul(a, b, { transposeB: true }), b)),
  (a) => softmax(a),
  (a) => reshape(permute(reshape(a, [...a.shape].reverse()), [1, 0]), a.shape),
  (a, b) => slice(concat([a, b], 0), 0, 0, a.shape[0]),
];
const kinked: readonly Rule[] = [
  (a) => relu(a),
  (a) => abs(a),
  (a, b) => maximum(a, b),
  (a, b) => minimum(a, mul(b, 0.5)),
  (a) => sub(a, max(a, { axes: 1, keepDims: true })),
];

const arbitrary: fc.Arbitrary<Program> = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 21 }),
  steps: fc.array(fc.record({ op: fc.nat(1000), a: fc.nat(1000), b: fc.nat(1000) }), { minLength: 1, maxLength: 14 }),
  outputs: fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
  differentiate: fc.boolean(),
});

/** Random programs of element-wise ops, reductions, products and moves, with several outputs and gradients. */
export const expressions: fc.Arbitrary<Case> = arbitrary.map((program) => {
  const { rows, columns, steps, outputs, differentiate } = program;
  // The gradient of a kink may take the other side after rounding, so differentiated programs have none.
  const rules = differentiate ? smooth : [...smooth, ...kinked];
  const shape = [rows, columns];
  const inputs = [
    tensor(uniformArray(rows * columns, 1, -1, 1), shape),
    tensor(uniformArray(rows * columns, 2, -1, 1), shape),
    tensor(uniformArray(columns, 3, -1, 1), [columns]),
  ];
  return {
    name: JSON.stringify(program),
    inputs,
    tolerance: { rtol: 1e-4, scale: 1e-4 },
    fn: (...args) => {
      const leaves = args.map((t) => new Tensor(t.shape, t.dtype, t.place, { requiresGrad: differentiate }));
      const [x, y, row] = leaves as [Tensor, Tensor, Tensor];
      const values = [x, y, add(y, row), mul(x, row)];
      for (const { op, a, b } of steps) {
        const rule = rules[op % rules.length] as Rule;
        values.push(rule(values[a % values.length] as Tensor, values[b % values.length] as Tensor, x));
      }
      const results = outputs.map((i) => values[values.length - 1 - (i % values.length)] as Tensor);
      if (!differentiate) return results;
      const total = results.map((t) => mean(mul(t, t))).reduce((a, b) => add(a, b));
      const grads = gradients(total, leaves).filter((g) => g !== null);
      return [...results.map((t) => t.detach()), total, ...grads];
    },
  };
});
