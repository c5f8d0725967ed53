import { expect, test } from "vitest";
import { gradients } from "../../autograd/gradients.ts";
import type { Device } from "../../device/contract.ts";
import { referenceDevice } from "../../device/reference.ts";
import { add } from "../../ops/add.ts";
import { maxPool2d } from "../../ops/maxPool2d.ts";
import { relu } from "../../ops/relu.ts";
import { type Tensor, tensor, zeros } from "../../tensor.ts";
import { compile } from "../compile.ts";
import type { Graph } from "../graph.ts";
import { lower } from "../lower.ts";
import { maskPooled } from "./maskPooled.ts";

/** A device that rewrites graphs before the reference device runs them, and tells of them. */
function rewriting(seen: (graph: Graph) => void): Device {
  return {
    ...referenceDevice,
    compile: (graph) => {
      seen(graph);
      return referenceDevice.compile(maskPooled(graph));
    },
  };
}

const poolGradient =
  (kernel: number, stride: number) =>
  (x: Tensor, seed: Tensor): Tensor => {
    x.requiresGrad = true;
    return gradients(maxPool2d(relu(x), kernel, { stride }), [x], { seed })[0] as Tensor;
  };

test("gradients of pools are masked where there are fewer", () => {
  let graph: Graph | undefined;
  const device = rewriting((g) => {
    graph = g;
  });
  compile(poolGradient(2, 2), { device })(zeros([1, 1, 8, 8]), zeros([1, 1, 4, 4]));
  const calls = lower(graph as Graph).calls.map((c) => [c.kernel, c.outputs[0]?.spec.shape.at(-1)]);
  expect(calls.slice(-2)).toEqual([
    ["chain", 4],
    ["maxPool2dGrad", 8],
  ]);
});

test("what is not the gradient of a pool stays", () => {
  let graph: Graph | undefined;
  const device = rewriting((g) => {
    graph = g;
  });
  const fn = (x: Tensor, seed: Tensor): Tensor => {
    x.requiresGrad = true;
    const y = relu(x);
    return gradients(maxPool2d(add(y, 1), 2), [x], { seed })[0] as Tensor;
  };
  compile(fn, { device })(zeros([1, 1, 4, 4]), zeros([1, 1, 2, 2]));
  expect(maskPooled(graph as Graph).nodes).toEqual(graph?.nodes);
});

test.each([
  [2, 2],
  [3, 1],
])("the gradient is the same, bit by bit: windows of %i, stride %i", (kernel, stride) => {
  const values = [1, 1, -2, 3, 0, -0, NaN, 2, -1, -3, 4, 4, 5, -1, 0, 2].concat(
    Array.from({ length: 9 }, (_, i) => i - 4),
  );
  const x = tensor(values, [1, 1, 5, 5]);
  const size = Math.floor((5 - kernel) / stride) + 1;
  const seed = tensor(
    Array.from({ length: size * size }, (_, i) => (i % 2 ? 1.5 : -0.3) * (i + 1)),
    [1, 1, size, size],
  );
  const fn = poolGradient(kernel, stride);
  const expected = compile(fn, { device: referenceDevice })(x, seed).toArray();
  expect(compile(fn, { device: rewriting(() => {}) })(x, seed).toArray()).toEqual(expected);
});
