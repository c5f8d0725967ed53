import { add, matmul, ones, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  Flatten,
  Linear,
  LSTM,
  MaxPool2d,
  Module,
  MultiheadAttention,
  Parameter,
  ReLU,
  Sequential,
  summary,
} from "./index.ts";

const network = (): Sequential =>
  new Sequential({
    features: new Sequential(
      new Conv2d(1, 4, 3, { bias: false }),
      new BatchNorm2d(4),
      new ReLU(),
      new MaxPool2d(2),
      new Conv2d(4, 6, 3, { groups: 2, padding: 1 }),
    ),
    head: new Sequential(new Flatten(), new Dropout(), new Linear(6 * 4 * 4, 10)),
  });

describe("summary", () => {
  test("lists modules with shapes, parameters and multiply-adds", () => {
    const net = network();
    net.getSubmodule("features").freeze();
    const { rows, totals, inputShapes } = summary(net, [2, 1, 10, 10]);
    expect(inputShapes).toEqual([[2, 1, 10, 10]]);
    const conv1 = 2 * 4 * 8 * 8 * 9;
    const conv2 = 2 * 6 * 4 * 4 * 2 * 9;
    const linear = 2 * 96 * 10;
    expect(rows.map((r) => [r.path, r.type, r.depth, r.outputShapes, r.parameters, r.trainable, r.macs])).toEqual([
      ["", "Sequential", 0, [[2, 10]], 36 + 8 + 114 + 970, 970, conv1 + conv2 + linear],
      ["features", "Sequential", 1, [[2, 6, 4, 4]], 36 + 8 + 114, 0, conv1 + conv2],
      ["features.0", "Conv2d", 2, [[2, 4, 8, 8]], 36, 0, conv1],
      ["features.1", "BatchNorm2d", 2, [[2, 4, 8, 8]], 8, 0, 0],
      ["features.2", "ReLU", 2, [[2, 4, 8, 8]], 0, 0, 0],
      ["features.3", "MaxPool2d", 2, [[2, 4, 4, 4]], 0, 0, 0],
      ["features.4", "Conv2d", 2, [[2, 6, 4, 4]], 114, 0, conv2],
      ["head", "Sequential", 1, [[2, 10]], 970, 970, linear],
      ["head.0", "Flatten", 2, [[2, 96]], 0, 0, 0],
      ["head.1", "Dropout", 2, [[2, 96]], 0, 0, 0],
      ["head.2", "Linear", 2, [[2, 10]], 970, 970, linear],
    ]);
    expect(totals).toEqual({
      parameters: 1128,
      trainable: 970,
      frozen: 158,
      buffers: 8,
      bytes: 4 * (1128 + 8),
      macs: conv1 + conv2 + linear,
    });
  });

  test("is a table as text", () => {
    const net = new Sequential(new Linear(3, 1000), new ReLU());
    net
      .get(0)
      .parameters()[0]
      ?.assign(zeros([1000, 3]));
    expect(String(summary(net, [5, 3]))).toBe(
      [
        "Module       Output     Parameters    MACs",
        "-----------  ---------  ----------  ------  -------",
        "Sequential   [5, 1000]       4,000  15,000  trained",
        "  0: Linear  [5, 1000]       4,000  15,000  trained",
        "  1: ReLU    [5, 1000]",
        "",
        "Parameters: 4,000 (4,000 trained, 0 frozen); buffers: 0; memory: 16,000 bytes",
        "Multiply-adds: 15,000 for input [5, 3]",
      ].join("\n"),
    );
  });

  test("computes nothing, and leaves the model as it was", () => {
    const net = network();
    net.getSubmodule("head.1").eval();
    net.getSubmodule("features.0").freeze();
    const before = [...net.namedModules().values()].map((m) => m.training);
    const state = Object.values(net.stateDict()).map((t) => [...t.toArray()]);
    // In training mode the one value a channel would be an error.
    summary(new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2)), [1, 1, 3, 3]);
    summary(net, [1, 1, 10, 10]);
    expect([...net.namedModules().values()].map((m) => m.training)).toEqual(before);
    net.unfreeze();
    expect(net.getSubmodule("features.0").training).toBe(true);
    expect(Object.values(net.stateDict()).map((t) => [...t.toArray()])).toEqual(state);
    expect([...net.namedModules().values()].some((m) => Object.hasOwn(m, "forward"))).toBe(false);
    expect(() => summary(net, [1, 2, 10, 10])).toThrow(expect.objectContaining({ name: "ShapeError" }));
    expect(net.training).toBe(true);
    expect([...net.namedModules().values()].some((m) => Object.hasOwn(m, "forward"))).toBe(false);
  });

  test("counts ops, not layers; what is applied twice, twice; what is not, not at all", () => {
    class Odd extends Module<readonly [a: Tensor, ids: Tensor]> {
      readonly weight: Parameter = new Parameter(ones([4, 4]));
      readonly shared: Linear = new Linear(4, 4);
      readonly table: Embedding = new Embedding(7, 4);
      readonly unused: Linear = new Linear(2, 2);

      forward(a: Tensor, ids: Tensor): Tensor {
        const x = add(matmul(a, this.weight), this.table.forward(ids));
        return this.shared.forward(this.shared.forward(x));
      }
    }
    const ids = tensor([1, 2, 3], [3], { dtype: "int32" });
    const found = summary(new Odd(), [[3, 4], ids]);
    expect(found.totals.macs).toBe(3 * 48);
    const by = Object.fromEntries(found.rows.map((r) => [r.path, r]));
    expect(by.shared).toMatchObject({ calls: 2, macs: 96, outputShapes: [[3, 4]] });
    expect(by.unused).toMatchObject({ calls: 0, macs: 0, outputShapes: [], parameters: 6 });
    expect(String(found)).toMatch(/shared: Linear × 2 .*\n.*table.*\n {2}unused: Linear +not applied/);
  });

  test("nested outputs, as of recurrent and attention layers", () => {
    const lstm = summary(new LSTM(3, 4), [5, 2, 3]);
    expect(lstm.rows[0]?.outputShapes).toEqual([
      [5, 2, 4],
      [1, 2, 4],
      [1, 2, 4],
    ]);
    // The state at the start is one for both samples.
    expect(lstm.totals.macs).toBe(5 * 2 * 16 * 3 + (1 + 4 * 2) * 16 * 4);
    const attention = summary(new MultiheadAttention(8, 2), [
      [5, 1, 8],
      [5, 1, 8],
      [5, 1, 8],
    ]);
    expect(attention.totals.macs).toBe(4 * 5 * 64 + 2 * 2 * 5 * 5 * 4);
  });
});
