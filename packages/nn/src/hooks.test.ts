import { add, compile, mul, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm, BatchNorm2d, Identity, Linear, Module, Parameter, Sequential } from "./index.ts";

const x = tensor([1, 2], [2]);

class Sum extends Module<readonly [a: Tensor, b: Tensor]> {
  forward(a: Tensor, b: Tensor): Tensor {
    return add(a, b);
  }
}

describe("hooks", () => {
  test("see the module, its inputs and its output, in the order of their registration, until they are removed", () => {
    const layer = new Sum();
    const seen: unknown[] = [];
    const removers = [
      layer.registerForwardHook((module, inputs, output) => void seen.push("after", module, inputs, output)),
      layer.registerForwardPreHook((module, inputs) => void seen.push("first", module, inputs)),
      layer.registerForwardPreHook((module, inputs) => void seen.push("second", module, inputs)),
    ];
    const y = layer.forward(x, x);
    expect(seen).toEqual(["first", layer, [x, x], "second", layer, [x, x], "after", layer, [x, x], y]);
    for (const remove of removers) remove();
    for (const remove of removers) remove();
    layer.forward(x, x);
    expect(seen).toHaveLength(10);
    expect(Object.hasOwn(layer, "forward")).toBe(false);
  });

  test("replace inputs and outputs", () => {
    const layer = new Sum();
    layer.registerForwardPreHook((_, [a, b]) => [mul(a, 10), b]);
    layer.registerForwardHook((_, [a], y) => add(y, a));
    layer.registerForwardHook((_, __, y) => mul(y, 2));
    expect(layer.forward(x, x).toNested()).toEqual([42, 84]);
  });

  test("run wherever the module is called from, and are no part of its state", () => {
    const inner = new Linear(2, 2, { bias: false });
    const net = new Sequential(inner, new Identity());
    let calls = 0;
    const remove = inner.registerForwardHook(() => void calls++);
    net.forward(tensor([[1, 2]]));
    expect(calls).toBe(1);
    expect(Object.keys(net.stateDict())).toEqual(["0.weight"]);
    remove();
    net.forward(tensor([[1, 2]]));
    expect(calls).toBe(1);
  });

  test("a forward that is a field of its own, or calls super's, is wrapped once", () => {
    class Field extends Module {
      override forward = (t: Tensor): Tensor => mul(t, 3);
    }
    const field = new Field();
    const remove = field.registerForwardHook((_, __, y) => add(y, 1));
    expect(field.forward(x).toNested()).toEqual([4, 7]);
    remove();
    expect(field.forward(x).toNested()).toEqual([3, 6]);
    const bn = new BatchNorm2d(1).eval();
    expect(bn).toBeInstanceOf(BatchNorm);
    let calls = 0;
    bn.registerForwardHook(() => void calls++);
    bn.forward(tensor([1, 2], [2, 1, 1, 1]));
    expect(calls).toBe(1);
  });

  test("are part of a compiled function, called when it is traced", () => {
    const layer = new Identity();
    let calls = 0;
    layer.registerForwardHook((_, __, y) => {
      calls++;
      return mul(y, 2);
    });
    const fn = compile((t: Tensor) => layer.forward(t));
    expect([fn(x).toNested(), fn(x).toNested()]).toEqual([
      [2, 4],
      [2, 4],
    ]);
    expect(calls).toBe(1);
  });
});

class Branch extends Module<readonly [], null> {
  readonly scale: Parameter = new Parameter(tensor([1], [1]));
  readonly blocks: Sequential[] = [new Sequential(new Linear(1, 1), new BatchNorm2d(1))];
  readonly named = { "a.b": new Linear(1, 1) };
  readonly tied = this.named["a.b"];

  forward(): null {
    return null;
  }
}

describe("access by path", () => {
  const branch = new Branch();

  test("submodules, also by their other names", () => {
    expect(branch.getSubmodule("")).toBe(branch);
    expect(branch.getSubmodule("blocks.0.1")).toBe(branch.blocks[0]?.get(1));
    expect(branch.getSubmodule("named.a.b")).toBe(branch.tied);
    expect(branch.getSubmodule("tied")).toBe(branch.tied);
    expect(() => branch.getSubmodule("blocks.1")).toThrow(
      "getSubmodule: expected the path of a module, such as blocks.0, named.a.b, tied, got blocks.1",
    );
  });

  test("parameters and buffers", () => {
    for (const [name, parameter] of branch.namedParameters()) expect(branch.getParameter(name)).toBe(parameter);
    expect(branch.getParameter("tied.weight")).toBe(branch.tied.weight);
    expect(branch.getBuffer("blocks.0.1.running_mean")).toBe(branch.getSubmodule("blocks.0.1").buffers()[0]);
    const wanted = expect.objectContaining({
      name: "ArgumentError",
      op: "getParameter",
      got: "blocks.0.1.running_mean",
    });
    expect(() => branch.getParameter("blocks.0.1.running_mean")).toThrow(wanted);
    expect(() => branch.getParameter("scale.x")).toThrow("such as scale, blocks.0.0.weight");
    expect(() => new Identity().getBuffer("x")).toThrow("there are none");
  });

  test("gradients are dropped, parameters kept from training", () => {
    const layer = new Linear(1, 1);
    layer.forward(tensor([2], [1, 1])).backward();
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
    layer.forward(tensor([2], [1, 1])).backward();
    expect(
      layer
        .setRequiresGrad(false)
        .parameters()
        .map((p) => [p.requiresGrad, p.grad]),
    ).toEqual([
      [false, null],
      [false, null],
    ]);
    expect([layer.training, layer.frozen]).toEqual([true, false]);
    expect(layer.setRequiresGrad().weight.requiresGrad).toBe(true);
  });
});
