import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  Flatten,
  GlobalAvgPool2d,
  Linear,
  LSTM,
  MaxPool2d,
  Module,
  MultiheadAttention,
  ReLU,
  ReLU6,
  Sequential,
  Unflatten,
} from "@graftjs/nn";
import {
  ArgumentError,
  concat,
  div,
  mean,
  mul,
  neg,
  noGrad,
  slice,
  sum,
  type Tensor,
  tensor,
  unsqueeze,
} from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { sines } from "../test/fixtures.ts";
import { importModel } from "./module.ts";
import { exportNetwork } from "./network.ts";

describe("exportNetwork", () => {
  it("writes a network as the nodes that exporters write, under its own names", async () => {
    const network = new Sequential({
      conv: new Conv2d(3, 4, 3, { padding: 1, bias: false }),
      bn: new BatchNorm2d(4),
      relu: new ReLU6(),
      pool: new MaxPool2d(2),
      depthwise: new Conv2d(4, 4, 3, { groups: 4, stride: 2 }),
      average: new GlobalAvgPool2d(),
      flatten: new Flatten(),
      dropout: new Dropout(),
      fc: new Linear(4, 5),
    });
    // A training step, so that the running statistics are not the initial ones.
    network.forward(sines([4, 3, 10, 10]));
    const { bytes, maxAbsError } = await exportNetwork(network, { inputShape: ["N", 3, 10, 10] });
    expect(maxAbsError).toBeLessThan(1e-6);
    expect(network.training).toBe(true);
    const written = importModel(bytes);
    const operators = ["Conv", "BatchNormalization", "Clip", "MaxPool", "Conv", "GlobalAveragePool", "Flatten", "Gemm"];
    expect(written.model.graph.nodes.map(({ opType }) => opType)).toEqual(operators);
    expect([...written.namedParameters().keys()].sort()).toEqual([...network.namedParameters().keys()].sort());
    expect([...written.namedBuffers().keys()].sort()).toEqual([...network.namedBuffers().keys()].sort());
    expect(written.cutPoint).toMatchObject({ features: 4, kind: "vector" });
  });

  it("writes recurrent layers and attention for any batch and one length", async () => {
    class Encoder extends Module<[Tensor], Tensor> {
      readonly attention = new MultiheadAttention(8, 2, { batchFirst: true });
      readonly lstm = new LSTM(8, 5, { batchFirst: true, bidirectional: true });

      forward(x: Tensor): Tensor {
        return this.lstm.forward(this.attention.forward(x, x, x)[0])[0];
      }
    }
    const network = new Encoder().eval();
    const { bytes } = await exportNetwork(network, { inputShape: ["N", 6, 8] });
    const written = importModel(bytes).eval();
    expect([...written.namedParameters().keys()].sort()).toEqual([...network.namedParameters().keys()].sort());
    const x = sines([3, 6, 8]);
    const [got, expected] = noGrad(() => [written.forward(x), network.forward(x)]) as [Tensor, Tensor];
    expect(got.shape).toEqual([3, 6, 10]);
    for (const [i, value] of got.toArray().entries()) expect(value).toBeCloseTo(expected.toArray()[i] as number, 5);
  });

  it("keeps the batch open where it is flattened", async () => {
    const network = new Sequential(new ReLU(), new Flatten(), new Linear(18, 2));
    const { bytes } = await exportNetwork(network, {
      inputShape: ["batch", 2, 3, 3],
      outputName: "y",
      metadata: { a: "b" },
    });
    const { model } = importModel(bytes);
    expect(model.graph.outputs).toEqual([{ name: "y", dtype: "float32", shape: ["batch", 2] }]);
    expect(model.metadata).toEqual({ a: "b" });
  });

  it.each(["int32", "int64"] as const)("takes the ids of tokens as %s", async (inputType) => {
    class Classifier extends Module<[Tensor], Tensor> {
      readonly words = new Embedding(11, 4);
      readonly linear = new Linear(4, 3);

      forward(ids: Tensor): Tensor {
        return this.linear.forward(mean(this.words.forward(ids), { axes: [1] }));
      }
    }
    const network = new Classifier().eval();
    const { bytes } = await exportNetwork(network, { inputShape: ["N", 5], inputType });
    const written = importModel(bytes).eval();
    expect(written.input).toMatchObject({ dtype: inputType, shape: ["N", 5] });
    const ids = tensor(Int32Array.of(1, 2, 3, 4, 5, 10, 9, 8, 7, 6), [2, 5]);
    const [got, expected] = noGrad(() => [written.forward(ids), network.forward(ids)]) as [Tensor, Tensor];
    for (const [i, value] of got.toArray().entries()) expect(value).toBeCloseTo(expected.toArray()[i] as number, 6);
  });

  describe("of several inputs", () => {
    class Pooled extends Module<[Tensor, Tensor], Tensor> {
      readonly words = new Embedding(11, 4);
      readonly linear = new Linear(4, 3);

      /** The mean of the embeddings of those tokens where the mask is 1. */
      forward(ids: Tensor, mask: Tensor): Tensor {
        const kept = unsqueeze(mask, 2);
        const total = sum(mul(this.words.forward(ids), kept), { axes: [1] });
        return this.linear.forward(div(total, sum(kept, { axes: [1] })));
      }
    }
    const ids = { name: "ids", shape: ["N", 5], type: "int64" } as const;
    const mask = { name: "mask", shape: ["N", 5] } as const;
    const samples: [Tensor, Tensor] = [
      tensor(Int32Array.of(1, 2, 3, 4, 5, 10, 9, 8, 7, 6), [2, 5]),
      tensor(Float32Array.of(1, 1, 1, 0, 0, 1, 1, 0, 0, 0), [2, 5]),
    ];

    it("keeps their names, types and order, and one batch that is open", async () => {
      const network = new Pooled().eval();
      const { bytes, maxAbsError } = await exportNetwork(network, { inputs: [ids, mask], samples });
      expect(maxAbsError).toBeLessThan(1e-6);
      const written = importModel(bytes).eval();
      expect(written.model.graph.inputs).toEqual([
        { name: "ids", dtype: "int64", shape: ["N", 5] },
        { name: "mask", dtype: "float32", shape: ["N", 5] },
      ]);
      expect([...written.namedParameters().keys()].sort()).toEqual([...network.namedParameters().keys()].sort());
      const three = samples.map((x) => concat([x, slice(x, 0, 0, 1)], 0)) as [Tensor, Tensor];
      const [got, expected] = noGrad(() => [written.forward(...three), network.forward(...three)]) as [Tensor, Tensor];
      expect(got.shape).toEqual([3, 3]);
      for (const [i, value] of got.toArray().entries()) expect(value).toBeCloseTo(expected.toArray()[i] as number, 6);
      // The mask counts: what it hides changes nothing.
      const hidden = [tensor(Int32Array.of(1, 2, 3, 9, 9), [1, 5]), slice(samples[1], 0, 0, 1)] as [Tensor, Tensor];
      expect(noGrad(() => written.forward(...hidden)).toArray()[0]).toBeCloseTo(expected.toArray()[0] as number, 6);
    });

    it("calls networks that take something else than tensors in a row as it is told", async () => {
      class Named extends Module<[{ ids: Tensor; mask: Tensor }], Tensor> {
        readonly pooled = new Pooled();

        forward({ ids, mask }: { ids: Tensor; mask: Tensor }): Tensor {
          return this.pooled.forward(ids, mask);
        }
      }
      const network = new Named();
      const { bytes, added } = await exportNetwork(network, {
        inputs: [mask, ids],
        samples: [samples[1], samples[0]],
        forward: (mask, ids) => network.forward({ ids: ids as Tensor, mask: mask as Tensor }),
      });
      expect(added).toContain("pooled.words.weight");
      expect(importModel(bytes).model.graph.inputs.map(({ name }) => name)).toEqual(["mask", "ids"]);
    });

    it.each([
      ["at least one input", {}],
      ["either inputs or inputShape", { inputs: [ids, mask], inputShape: ["N", 5] as const }],
      ["a name of its own", { inputs: [ids, { ...mask, name: "ids" }] }],
      ["a name of its own", { inputs: [ids, { ...mask, name: "logits" }] }],
      ["one batch size", { inputs: [ids, { ...mask, shape: [2, 5] as const }] }],
    ])("asks for %s", async (expected, options) => {
      await expect(exportNetwork(new Pooled(), options)).rejects.toThrow(expected);
      await expect(exportNetwork(new Pooled(), options)).rejects.toThrow(ArgumentError);
    });
  });

  it("does not take a size of the network for the batch", async () => {
    for (const width of [97, 101, 194]) {
      const network = new Sequential(new Linear(6, width), new ReLU(), new Unflatten(1, [1, width]), new Flatten());
      const { bytes } = await exportNetwork(network, { inputShape: ["N", 6] });
      const written = importModel(bytes).eval();
      const x = sines([3, 6]);
      const [got, expected] = noGrad(() => [written.forward(x), network.eval().forward(x)]) as [Tensor, Tensor];
      expect(got.toNested()).toEqual(expected.toNested());
      expect(written.model.graph.outputs[0]?.shape).toEqual(["N", width]);
    }
  });

  it("refuses what computes something else for another batch", async () => {
    class Odd extends Module<[Tensor], Tensor> {
      forward(x: Tensor): Tensor {
        return (x.shape[0] as number) > 99 ? neg(x) : x;
      }
    }
    await expect(exportNetwork(new Odd(), { inputShape: ["N", 6] })).rejects.toThrow(/another batch size/);
  });
});
