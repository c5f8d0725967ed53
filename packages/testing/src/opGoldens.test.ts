import { readFileSync } from "node:fs";
import { apply, type DType, gradients, type Op, type OpName, ops, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { matchers } from "./matchers.ts";
import { opCases, withoutGolden } from "./opGoldenInputs.ts";
import { readFloats } from "./safetensors.ts";

expect.extend(matchers);

const file = new URL("../../../fixtures/ops/goldens.safetensors", import.meta.url);
const goldens = readFloats(readFileSync(file));
const cases = opCases();

test("every op has a golden, or a reason to have none", () => {
  const covered = new Set([...cases.map((c) => c.name.split(".")[0]), ...Object.keys(withoutGolden)]);
  expect(Object.keys(ops).filter((name) => !covered.has(name))).toEqual([]);
});

describe("equal to PyTorch", () => {
  test.each(cases)("$name", ({ name, attrs, inputs, differentiable, seeds }) => {
    const op = ops[name.split(".")[0] as OpName] as Op;
    const tensors = inputs.map(({ shape, dtype, values }, i) =>
      tensor(values, shape, { dtype: dtype as DType, requiresGrad: differentiable[i] as boolean }),
    );
    const outputs = apply(op, tensors, attrs);
    outputs.forEach((y, k) => {
      const golden = goldens.get(`${name}.output.${k}`);
      expect(y.shape).toEqual(golden?.shape);
      expect([...y.toArray()]).toBeCloseToTensor(golden?.data as Float32Array, { rtol: 1e-5, atol: 1e-6 });
    });
    const seed = seeds[0];
    if (!seed) return;
    const y = outputs[0] as Tensor;
    const targets = tensors.filter((t) => t.requiresGrad);
    const grads = gradients(y, targets, { seed: tensor(seed, y.shape) });
    targets.forEach((t, i) => {
      const golden = goldens.get(`${name}.grad.${tensors.indexOf(t)}`);
      expect(t.shape).toEqual(golden?.shape);
      expect((grads[i] as Tensor).toArray()).toBeCloseToTensor(golden?.data as Float32Array, {
        rtol: 1e-5,
        atol: 1e-6,
      });
    });
  });
});
