import { compile, flatten, globalAvgPool2d, noGrad, relu, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm2d, Buffer, Conv2d, Dropout, Linear, Module, Parameter, Sequential } from "./index.ts";

class Branch extends Module {
  readonly inProj: Parameter = new Parameter(zeros([2, 3]));
  readonly note = "not a parameter";
  readonly cache: Tensor = zeros([4]);
  readonly sizes = [1, 2];
  readonly layers = [new Linear(3, 2), new Linear(2, 2, { bias: false })];
  readonly named = { "a.B": new BatchNorm2d(2), c: null };
  readonly shared: Linear;
  readonly lastSeen: Buffer = new Buffer(zeros([1]));

  constructor() {
    super();
    this.shared = this.layers[0] as Linear;
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("what a module holds", () => {
  test("parameters in fields, arrays and records, by PyTorch's names, each once", () => {
    const parameters = new Branch().namedParameters();
    expect([...parameters.keys()]).toEqual([
      "in_proj",
      "layers.0.weight",
      "layers.0.bias",
      "layers.1.weight",
      "named.a.B.weight",
      "named.a.B.bias",
    ]);
  });

  test("buffers, modules and children", () => {
    const branch = new Branch();
    expect([...branch.namedBuffers().keys()]).toEqual(["last_seen", "named.a.B.running_mean", "named.a.B.running_var"]);
    expect([...branch.namedModules().keys()]).toEqual(["", "layers.0", "layers.1", "named.a.B"]);
    expect([...branch.children().keys()]).toEqual(["layers.0", "layers.1", "named.a.B", "shared"]);
  });

  test("apply reaches every module, this one last", () => {
    const seen: string[] = [];
    new Sequential(new Linear(1, 1), new Sequential(new Dropout())).apply((m) => void seen.push(m.constructor.name));
    expect(seen).toEqual(["Linear", "Dropout", "Sequential", "Sequential"]);
  });

  test("a parameter cannot be made of what has no value yet", () => {
    const fn = compile((x: Tensor) => new Parameter(x));
    expect(() => fn(zeros([1]))).toThrow(expect.objectContaining({ name: "TraceError" }));
  });
});

describe("modes", () => {
  test("train and eval reach every module", () => {
    const net = new Sequential(new Dropout(), new Sequential(new BatchNorm2d(1)));
    const modes = (): boolean[] => [...net.namedModules().values()].map((m) => m.training);
    expect(modes()).toEqual([true, true, true, true]);
    net.eval();
    expect(modes()).toEqual([false, false, false, false]);
    net.train();
    expect(modes()).toEqual([true, true, true, true]);
  });

  test("a compiled function follows train and eval", () => {
    const net = new Sequential(new Dropout(1));
    const fn = compile((x: Tensor) => net.forward(x));
    const x = tensor([1, 2], [2]);
    const results = [true, false, true].map((mode) => {
      net.train(mode);
      return [...fn(x).toArray()];
    });
    expect(results).toEqual([
      [0, 0],
      [1, 2],
      [0, 0],
    ]);
  });
});

describe("freezing", () => {
  function network(): { net: Sequential; backbone: Sequential; head: Linear } {
    const backbone = new Sequential(new Conv2d(1, 2, 1), new BatchNorm2d(2), new Dropout());
    const head = new Linear(2, 2);
    return { net: new Sequential({ backbone, head }), backbone, head };
  }

  test("a frozen module stays in evaluation mode whatever its parent says, until it is unfrozen", () => {
    const { net, backbone } = network();
    backbone.freeze();
    net.train();
    expect(net.training).toBe(true);
    expect([...backbone.namedModules().values()].map((m) => [m.training, m.frozen])).toEqual(
      Array(4).fill([false, true]),
    );
    backbone.unfreeze();
    expect([...backbone.namedModules().values()].map((m) => [m.training, m.frozen])).toEqual(
      Array(4).fill([true, false]),
    );
    expect(backbone.parameters().every((p) => p.requiresGrad)).toBe(true);
  });

  test.each(["eager", "compiled"])("parameters get no gradient, buffers do not move, %s", (way) => {
    const { net, backbone, head } = network();
    backbone.freeze();
    net.train();
    const before = Object.entries(backbone.stateDict()).map(([name, t]) => [name, [...t.toArray()]]);
    const forward = (x: Tensor): Tensor => {
      const features = globalAvgPool2d(relu(backbone.forward(x)));
      expect(features.requiresGrad).toBe(false);
      return head.forward(flatten(features, 1));
    };
    const fn = way === "eager" ? forward : compile(forward);
    fn(tensor([1, 2, 3, 4], [1, 1, 2, 2]));
    expect(Object.entries(backbone.stateDict()).map(([name, t]) => [name, [...t.toArray()]])).toEqual(before);
    expect(head.parameters().every((p) => p.requiresGrad)).toBe(true);
  });

  test("a compiled function follows freeze and unfreeze", () => {
    const bn = new BatchNorm2d(1);
    const fn = compile((x: Tensor) => bn.forward(x));
    const x = tensor([1, 2, 3, 4], [4, 1, 1, 1]);
    const mean = (): number => bn.runningMean?.item() as number;
    fn(x);
    expect(mean()).toBeCloseTo(0.25, 6);
    bn.freeze();
    const frozen = mean();
    fn(x);
    expect(mean()).toBe(frozen);
    bn.unfreeze();
    fn(x);
    expect(mean()).toBeCloseTo(0.475, 6);
  });

  test("gradients that a parameter had are dropped", () => {
    const layer = new Linear(1, 1);
    layer.forward(tensor([2], [1, 1])).backward();
    expect(layer.weight.grad?.item()).toBe(2);
    layer.freeze();
    expect(layer.weight.grad).toBeNull();
  });
});

test("noGrad leaves a module's results without gradient", () => {
  const layer = new Linear(2, 2);
  expect(noGrad(() => layer.forward(zeros([1, 2]))).requiresGrad).toBe(false);
});
