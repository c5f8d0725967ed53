import { expect, test } from "vitest";
import { lowered } from "../../../test/graphOf.ts";
import { gradients } from "../../autograd/gradients.ts";
import { add } from "../../ops/add.ts";
import { greater } from "../../ops/greater.ts";
import { matmul } from "../../ops/matmul.ts";
import { mul } from "../../ops/mul.ts";
import { relu } from "../../ops/relu.ts";
import { scaledDotProductAttention } from "../../ops/scaledDotProductAttention.ts";
import { softmax } from "../../ops/softmax.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import type { Call } from "../call.ts";
import type { Output } from "../compile.ts";

type Fn = (q: Tensor, k: Tensor, v: Tensor, mask: Tensor) => Output;
const [N, H, L, S, E] = [2, 3, 20, 7, 4];

function callsOf(fn: Fn, mask: number[], length = L): readonly Call[] {
  return lowered(fn as never, [N, H, length, E], [N, H, S, E], [N, H, S, E], mask).calls;
}

const kernels = (calls: readonly Call[]): string[] => calls.map((c) => c.kernel);
const attentionOf = (calls: readonly Call[]) => calls.find((c) => c.kernel === "attention");
const scoresOf = (q: Tensor, k: Tensor): Tensor => matmul(q, k, { transposeB: true });

test.each([
  ["none", null, null],
  ["of keys", [N, 1, 1, S], [S, 0, 0, 1]],
  ["of keys alone", [S], [0, 0, 0, 1]],
  ["of all heads", [N, 1, L, S], [L * S, 0, S, 1]],
  ["of each head", [N, H, L, S], [H * L * S, L * S, S, 1]],
])("attention is one call after the queries' scale: mask %s", (_, shape, strides) => {
  const calls = callsOf((q, k, v, mask) => scaledDotProductAttention(q, k, v, shape ? { mask } : {}), shape ?? [1]);
  expect(kernels(calls)).toEqual(["chain", "attention"]);
  expect(attentionOf(calls)?.attrs.mask).toEqual(strides);
  expect(attentionOf(calls)?.inputs.length).toBe(strides ? 4 : 3);
});

test("a scale of the scores, and what may be attended to, are part of it", () => {
  const scaled = callsOf((q, k, v, mask) => matmul(softmax(add(mul(scoresOf(q, k), 0.5), mask)), v), [L, S]);
  expect(kernels(scaled)).toEqual(["attention"]);
  expect(attentionOf(scaled)?.attrs).toMatchObject({ scale: 0.5, mask: [0, 0, S, 1] });
  const allowed = callsOf((q, k, v, m) => scaledDotProductAttention(q, k, v, { mask: greater(m, 0) }), [N, 1, L, S]);
  expect(attentionOf(allowed)?.attrs.allowed).toEqual({
    strides: [L * S, 0, S, 1],
    fill: Math.fround(-1e30),
    isCleared: true,
  });
  const causal = callsOf((q, k, v) => scaledDotProductAttention(q, k, v, { isCausal: true }), [1]);
  const fill = Number.NEGATIVE_INFINITY;
  expect(attentionOf(causal)?.attrs.allowed).toEqual({ strides: [0, 0, S, 1], fill, isCleared: false });
});

test.each<[string, Fn]>([
  [
    "weights are read by something else",
    (q, k, v) => {
      const weights = softmax(scoresOf(q, k));
      return [weights, matmul(weights, v)];
    },
  ],
  [
    "a gradient reads the weights",
    (q, k, v) => {
      q.requiresGrad = true;
      return gradients(matmul(softmax(scoresOf(q, k)), v), [q], { seed: zeros([N, H, L, E]) }) as Tensor[];
    },
  ],
  ["softmax is along queries", (q, k, v) => matmul(softmax(scoresOf(q, k), -2), v)],
  ["a mask is added before the scale", (q, k, v, mask) => matmul(softmax(mul(add(scoresOf(q, k), mask), 2)), v)],
  ["scores are clamped", (q, k, v) => matmul(softmax(relu(scoresOf(q, k))), v)],
  ["scores are squared", (q, k, v) => matmul(softmax(mul(scoresOf(q, k), scoresOf(q, k))), v)],
])("it stays as it is if %s", (_, fn) => {
  expect(kernels(callsOf(fn, [L, S]))).not.toContain("attention");
});

test("few queries do without", () => {
  expect(kernels(callsOf((q, k, v) => scaledDotProductAttention(q, k, v), [1], 3))).not.toContain("attention");
});
