import { expect, test } from "vitest";
import { lowered } from "../../../test/graphOf.ts";
import { gradients } from "../../autograd/gradients.ts";
import { matmul } from "../../ops/matmul.ts";
import { permute } from "../../ops/permute.ts";
import { reshape } from "../../ops/reshape.ts";
import { scaledDotProductAttention } from "../../ops/scaledDotProductAttention.ts";
import type { Tensor } from "../../tensor.ts";
import type { Call } from "../call.ts";
import type { Output } from "../compile.ts";

const callsOf = (fn: (...inputs: Tensor[]) => Output, ...shapes: number[][]): readonly Call[] =>
  lowered(fn, ...shapes).calls;

const kernels = (calls: readonly Call[]): string[] => calls.map((c) => c.kernel);
const [N, L, H, E] = [2, 5, 3, 4];
const split = (x: Tensor): Tensor => permute(reshape(x, [N, L, H, E]), [0, 2, 1, 3]);

test("heads are split and merged by the products themselves", () => {
  const attention = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
    reshape(permute(scaledDotProductAttention(split(q), split(k), split(v)), [0, 2, 1, 3]), [N, L, H * E]);
  const shapes = [1, 2, 3].map(() => [N, L, H * E]);
  const calls = callsOf((q, k, v) => attention(q as Tensor, k as Tensor, v as Tensor), ...shapes);
  // The query is scaled before.
  expect(kernels(calls)).toEqual(["permute", "chain", "matmul", "softmax", "matmul"]);
  const [scores, result] = calls.filter((c) => c.kernel === "matmul");
  expect(scores?.attrs.viewB).toEqual({ shape: [N, H, L, E], strides: [L * H * E, E, H * E, 1] });
  expect(result?.attrs.viewOutput).toEqual({ shape: [N, H, L, E], strides: [L * H * E, E, H * E, 1] });
  const withGradients = callsOf(
    (seed, ...inputs) => {
      for (const t of inputs) t.requiresGrad = true;
      const y = attention(...(inputs as [Tensor, Tensor, Tensor]));
      return gradients(y, inputs, { seed: seed as Tensor }) as Tensor[];
    },
    [N, L, H * E],
    ...shapes,
  );
  // Those of the query, one each way.
  expect(kernels(withGradients).filter((k) => k === "permute").length).toBe(2);
});

test("a transposition is an operand read transposed", () => {
  const calls = callsOf(
    (a, b) => matmul(permute(a as Tensor, [1, 0]), permute(b as Tensor, [0, 2, 1])),
    [4, 3],
    [2, 5, 4],
  );
  expect(kernels(calls)).toEqual(["matmul"]);
  expect(calls[0]?.attrs).toMatchObject({ transposeA: true, transposeB: true });
});

test.each<[string, (a: Tensor, b: Tensor) => Output, string[]]>([
  [
    "is read by something else",
    (a, b) => [permute(a, [1, 0, 2]), matmul(permute(a, [1, 0, 2]), b)],
    ["permute", "permute", "matmul"],
  ],
  ["leaves no axis of the matrices contiguous", (a, b) => matmul(permute(a, [2, 0, 1]), b), ["permute", "matmul"]],
  ["ends in another last axis", (a, b) => permute(matmul(a, b), [0, 2, 1]), ["matmul", "permute"]],
  [
    "is of what something else reads",
    (a, b) => {
      const y = matmul(a, b);
      return [y, permute(y, [1, 0, 2])];
    },
    ["matmul", "permute"],
  ],
])("a permutation stays if it %s", (_, fn, expected) => {
  const calls = callsOf((a, b) => fn(a as Tensor, b as Tensor), [4, 4, 4], [4, 4]);
  expect(kernels(calls)).toEqual(expected);
});
