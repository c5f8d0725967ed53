import { describe, expect, test } from "vitest";
import { AutogradError, ShapeError } from "../errors.ts";
import { add } from "../ops/add.ts";
import { cast } from "../ops/cast.ts";
import { exp } from "../ops/exp.ts";
import { greater } from "../ops/greater.ts";
import { matmul } from "../ops/matmul.ts";
import { mul } from "../ops/mul.ts";
import { relu } from "../ops/relu.ts";
import { reshape } from "../ops/reshape.ts";
import { sum } from "../ops/sum.ts";
import { tanh } from "../ops/tanh.ts";
import { runtime, withRuntime } from "../runtime.ts";
import type { Storage } from "../storage.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { isGradEnabled, noGrad } from "./gradMode.ts";

const leaf = (values: number[]): Tensor => tensor(values, [values.length], { requiresGrad: true });
const grad = (t: Tensor): number[] | null => t.grad && Array.from(t.grad.toArray());

describe("backward", () => {
  test("adds up over calls, as in PyTorch", () => {
    const x = leaf([1, 2]);
    sum(mul(x, 3)).backward();
    sum(mul(x, 4)).backward();
    expect(grad(x)).toEqual([7, 7]);
    x.grad = null;
    sum(x).backward();
    expect(grad(x)).toEqual([1, 1]);
  });

  test("adds up over the uses of a tensor", () => {
    const x = leaf([2, 3]);
    const y = mul(x, x);
    sum(add(mul(y, y), y)).backward();
    // d(x⁴ + x²)/dx
    expect(grad(x)).toEqual([36, 114]);
  });

  test("visits a shared subexpression once", () => {
    const x = leaf([1]);
    let y: Tensor = x;
    // 2¹⁰⁰ paths.
    for (let i = 0; i < 100; i++) y = mul(add(y, y), 0.5);
    y.backward();
    expect(grad(x)).toEqual([1]);
  });

  test("goes through 10,000 ops", () => {
    const x = leaf([0.5]);
    let y: Tensor = x;
    for (let i = 0; i < 10_000; i++) y = add(y, 1);
    mul(y, 2).backward();
    expect(grad(x)).toEqual([2]);
  });

  test("takes a seed", () => {
    const x = leaf([1, 2]);
    mul(x, 3).backward(tensor([10, 100]));
    expect(grad(x)).toEqual([30, 300]);
  });

  test("wants a seed of the same shape, or one element", () => {
    const y = mul(leaf([1, 2]), 3);
    expect(() => y.backward(tensor([1]))).toThrowError(/backward: expected a seed of shape \[2\], got \[1\]/);
    expect(() => y.backward()).toThrowError(ShapeError);
    expect(() => y.backward()).toThrowError(/expected a tensor of one element, or a seed gradient/);
  });

  test("can be called twice", () => {
    const x = leaf([3]);
    const y = mul(x, x);
    y.backward();
    y.backward();
    expect(grad(x)).toEqual([12]);
  });

  test("sets grad on leaves only", () => {
    const x = leaf([1]);
    const y = mul(x, 2);
    mul(y, 3).backward();
    expect([grad(x), grad(y)]).toEqual([[6], null]);
  });

  test("stops at detach", () => {
    const x = leaf([2]);
    const cut = mul(x, x).detach();
    expect([cut.requiresGrad, cut.tape]).toEqual([false, null]);
    mul(cut, x).backward();
    expect(grad(x)).toEqual([4]);
  });

  test("leaves out what requires none", () => {
    const [x, frozen] = [leaf([2]), tensor([5])];
    mul(x, frozen).backward();
    expect([grad(x), grad(frozen)]).toEqual([[5], null]);
  });

  test("gradients require none themselves", () => {
    const x = leaf([2]);
    mul(x, x).backward();
    expect(x.grad?.requiresGrad).toBe(false);
  });

  test("says when there is nothing to differentiate", () => {
    expect(() => tensor([1]).backward()).toThrowError(AutogradError);
    expect(() => noGrad(() => mul(leaf([1]), 2)).backward()).toThrowError(
      /does not depend on anything that requires a gradient/,
    );
    expect(() => greater(leaf([1]), 0).backward()).toThrowError(AutogradError);
  });

  test("does not pass integers", () => {
    const x = leaf([1.5]);
    const y = cast(x, "int32");
    expect([y.requiresGrad, cast(y, "float32").requiresGrad]).toEqual([false, false]);
  });
});

test("what a rule records for another gradient is not given back with its own", () => {
  const made = new Set<Storage>();
  withRuntime({ gradEnabled: false, made }, () => {
    expect(runtime().made).toBe(made);
    withRuntime({ gradEnabled: true }, () => noGrad(() => expect(runtime().made).toBeNull()));
    noGrad(() => expect(runtime().made).toBe(made));
  });
  expect(runtime().made).toBeNull();
});

describe("versions", () => {
  test("an assignment between forward and backward is found", () => {
    const [x, w] = [leaf([1]), leaf([2])];
    const y = mul(x, w);
    w.assign([3]);
    expect(() => y.backward()).toThrowError(AutogradError);
    expect(() => y.backward()).toThrowError(/a tensor \[1\] that mul needs for its gradient was assigned to since/);
  });

  test("also through a view", () => {
    const w = tensor([1, 2]);
    const x = leaf([3, 4]);
    const y = matmul(reshape(x, [1, 2]), reshape(w, [2, 1]));
    w.assign([5, 6]);
    expect(() => y.backward()).toThrowError(AutogradError);
  });

  test("also of a result that its own gradient needs", () => {
    const y = exp(leaf([1]));
    y.detach().assign([0]);
    expect(() => y.backward()).toThrowError(AutogradError);
  });

  test("an update after backward is fine", () => {
    const w = leaf([2]);
    for (let step = 0; step < 3; step++) {
      w.grad = null;
      mul(w, w).backward();
      w.assign(noGrad(() => add(w, mul(w.grad as Tensor, -0.25))));
    }
    expect(w.item()).toBe(0.25);
  });
});

describe("noGrad", () => {
  test("records nothing", () => {
    const x = leaf([1]);
    expect(noGrad(() => tanh(x)).requiresGrad).toBe(false);
    expect(tanh(x).requiresGrad).toBe(true);
  });

  test("ends with its function, also when that throws", () => {
    expect(() =>
      noGrad(() => {
        expect(isGradEnabled()).toBe(false);
        noGrad(() => expect(isGradEnabled()).toBe(false));
        expect(isGradEnabled()).toBe(false);
        throw new Error("inside");
      }),
    ).toThrowError("inside");
    expect(isGradEnabled()).toBe(true);
  });
});

test("the gradient of relu at 0 is 0", () => {
  const x = leaf([-1, 0, 2]);
  sum(relu(x)).backward();
  expect(grad(x)).toEqual([0, 0, 1]);
});
