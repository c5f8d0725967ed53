import { expect, test } from "vitest";
import { lowered } from "../../../test/graphOf.ts";
import { gradients } from "../../autograd/gradients.ts";
import { batchNorm } from "../../ops/batchNorm.ts";
import { conv2d } from "../../ops/conv2d.ts";
import { hardtanh, relu6 } from "../../ops/hardtanh.ts";
import { mul } from "../../ops/mul.ts";
import { relu } from "../../ops/relu.ts";
import { sum } from "../../ops/sum.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import type { Call } from "../call.ts";

const [first, scale, shift, second] = [[4, 2, 1, 1], [4], [4], [3, 4, 1, 1]].map((shape) =>
  zeros(shape, { requiresGrad: true }),
) as [Tensor, Tensor, Tensor, Tensor];

/** The calls of one step of convolution, batch normalisation, `activation` and convolution. */
function callsOf(activation: (y: Tensor) => Tensor, results: (y: Tensor) => Tensor[] = () => []): readonly Call[] {
  const step = (...[x]: Tensor[]): Tensor[] => {
    const { y } = batchNorm(conv2d(x as Tensor, first), scale, shift);
    const z = conv2d(activation(y), second);
    const loss = sum(mul(z, z));
    return [...results(y), ...(gradients(loss, [first, scale, shift, second]) as Tensor[])];
  };
  return lowered(step, [2, 2, 5, 5]).calls;
}

const find = <K extends Call["kernel"]>(calls: readonly Call[], kernel: K): Extract<Call, { readonly kernel: K }> =>
  calls.find((c) => c.kernel === kernel) as Extract<Call, { readonly kernel: K }>;

test.each([
  { name: "relu", activation: relu, bounds: [0, Number.POSITIVE_INFINITY] },
  { name: "relu6", activation: relu6, bounds: [0, 6] },
  { name: "hardtanh", activation: (y: Tensor) => hardtanh(y, -0.5, 2), bounds: [-0.5, 2] },
])("batch normalisation takes $name, forward and backward", ({ activation, bounds }) => {
  const calls = callsOf(activation);
  const forward = find(calls, "batchNorm");
  const backward = find(calls, "batchNormGrad");
  expect(forward.attrs.epilogue).toEqual({ bias: false, residual: false, clamp: bounds });
  expect(backward.attrs.within).toEqual(bounds);
  // The forward bias; not the result.
  expect(backward.inputs[5]).toBe(forward.inputs[2]);
  expect(calls.some((c) => c.kernel === "chain" && c.attrs.steps.some(({ op }) => op === "where"))).toBe(false);
});

test("not where the result without the activation is read too", () => {
  const calls = callsOf(relu, (y) => [y]);
  expect(find(calls, "batchNorm").attrs.epilogue).toBeUndefined();
  expect(find(calls, "batchNormGrad").attrs.within).toBeUndefined();
});
