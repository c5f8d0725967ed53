import { arange, cast, gradients, greater, ones, reshape, sum, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  type AttentionOptions,
  LayerNorm,
  MultiheadAttention,
  normal,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "../index.ts";

const bool = (rows: number[][]): Tensor => cast(tensor(rows), "bool");
const closest = (t: Tensor): number[] => [...t.toArray()].map((v) => Math.round(v * 1e5) / 1e5);

describe("MultiheadAttention", () => {
  const layer = new MultiheadAttention(8, 2, { batchFirst: true });
  const x = normal([2, 3, 8]);

  test("with and without weights is the same, and weights sum to 1", () => {
    const [y, weights] = layer.forward(x, x, x);
    const [fast, none] = layer.forward(x, x, x, { needWeights: false });
    expect(closest(fast)).toEqual(closest(y));
    expect(none).toBeNull();
    expect(weights?.shape).toEqual([2, 3, 3]);
    for (const total of sum(weights as Tensor, { axes: 2 }).toArray()) expect(total).toBeCloseTo(1, 5);
    const [, each] = layer.forward(x, x, x, { averageAttnWeights: false });
    expect(each?.shape).toEqual([2, 2, 3, 3]);
  });

  test("the layout is a matter of form", () => {
    const other = new MultiheadAttention(8, 2);
    other.loadStateDict(layer.stateDict());
    const sample = reshape(x, [6, 8]);
    const [a] = layer.forward(reshape(sample, [1, 6, 8]), reshape(sample, [1, 6, 8]), reshape(sample, [1, 6, 8]));
    const [b] = other.forward(sample, sample, sample);
    expect(b.shape).toEqual([6, 8]);
    expect(closest(b)).toEqual(closest(a));
  });

  test.each([true, false])(
    "a query without any key gives the bias alone, and finite gradients; weights: %s",
    (needWeights) => {
      const keyPaddingMask = bool([
        [0, 0, 1],
        [1, 1, 1],
      ]);
      const input = normal([2, 3, 8]);
      input.requiresGrad = true;
      const [y] = layer.forward(input, input, input, { keyPaddingMask, needWeights });
      expect([...y.toArray()].slice(24)).toEqual(Array(24).fill(0));
      const [grad] = gradients(sum(y), [input]) as [Tensor];
      expect([...grad.toArray()].every(Number.isFinite)).toBe(true);
    },
  );

  test("isCausal adds to other masks", () => {
    const later = greater(arange(0, 3), reshape(arange(0, 3), [3, 1]));
    const keyPaddingMask = bool([
      [0, 1, 0],
      [0, 0, 0],
    ]);
    const [a] = layer.forward(x, x, x, { isCausal: true, keyPaddingMask });
    const [b] = layer.forward(x, x, x, { attnMask: later, keyPaddingMask, needWeights: false });
    expect(closest(a)).toEqual(closest(b));
  });

  test("dropout changes the weights in training mode alone", () => {
    const dropping = new MultiheadAttention(8, 2, { batchFirst: true, dropout: 0.5 });
    const weightsOf = (options: AttentionOptions = {}) => dropping.forward(x, x, x, options);
    const [, dropped] = weightsOf({ averageAttnWeights: false });
    expect([...(dropped as Tensor).toArray()].filter((w) => w === 0).length).toBeGreaterThan(5);
    expect(closest(weightsOf({ needWeights: false })[0])).not.toEqual(closest(weightsOf({ needWeights: false })[0]));
    dropping.eval();
    expect(closest(weightsOf()[0])).toEqual(closest(weightsOf({ needWeights: false })[0]));
  });

  test("names what does not fit", () => {
    expect(() => new MultiheadAttention(8, 3)).toThrow(
      "expected an embedDim that is a multiple of numHeads, got 8 and 3",
    );
    expect(() => layer.forward(x, zeros([2, 4, 7]), zeros([2, 4, 7]))).toThrow(
      "expected query [N, L, 8], key [N, S, 8] and value [N, S, 8], got [2, 3, 8], [2, 4, 7], [2, 4, 7]",
    );
    expect(() => layer.forward(x, ones([3, 3, 8]), ones([3, 3, 8]))).toThrow("MultiheadAttention: expected query");
    const masked = (options: AttentionOptions) => () => layer.forward(x, x, x, options);
    expect(masked({ keyPaddingMask: bool([[0, 1, 0]]) })).toThrow("keyPaddingMask of shape [2, 3], got [1, 3]");
    expect(masked({ attnMask: zeros([3, 4]) })).toThrow("attnMask of shape [3, 3] or [4, 3, 3], got [3, 4]");
    expect(masked({ attnMask: zeros([3, 3], { dtype: "int32" }) })).toThrow("a mask of bool or float32, got int32");
  });
});

describe("stacks of transformer layers", () => {
  const options = { dimFeedforward: 12, dropout: 0 };

  test("encoder: names as PyTorch's, masks go to each layer, each layer is another", () => {
    const encoder = new TransformerEncoder(() => new TransformerEncoderLayer(8, 2, options), 2, {
      norm: new LayerNorm(8),
    });
    const names = Object.keys(encoder.stateDict());
    expect(names.filter((name) => name.includes("layers.1"))).toEqual([
      "layers.1.self_attn.in_proj_weight",
      "layers.1.self_attn.in_proj_bias",
      "layers.1.self_attn.out_proj.weight",
      "layers.1.self_attn.out_proj.bias",
      "layers.1.linear1.weight",
      "layers.1.linear1.bias",
      "layers.1.linear2.weight",
      "layers.1.linear2.bias",
      "layers.1.norm1.weight",
      "layers.1.norm1.bias",
      "layers.1.norm2.weight",
      "layers.1.norm2.bias",
    ]);
    expect(names.slice(-2)).toEqual(["norm.weight", "norm.bias"]);
    const x = normal([4, 1, 8]);
    const y = closest(encoder.forward(x, { isCausal: true }));
    // With a causal mask, what comes last changes nothing before.
    const changed = tensor(
      x.toArray().map((v, i) => (i < 24 ? v : v + 1)),
      x.shape,
    );
    expect(closest(encoder.forward(changed, { isCausal: true })).slice(0, 24)).toEqual(y.slice(0, 24));
    expect(closest(encoder.forward(changed)).slice(0, 24)).not.toEqual(closest(encoder.forward(x)).slice(0, 24));
    const [first, second] = encoder.layers.map((layer) => layer.getParameter("linear1.weight").toArray());
    expect(first).not.toEqual(second);
  });

  test("decoder", () => {
    const decoder = new TransformerDecoder(() => new TransformerDecoderLayer(8, 2, options), 2, {
      norm: new LayerNorm(8),
    });
    expect(decoder.forward(normal([3, 2, 8]), normal([5, 2, 8]), { tgtIsCausal: true }).shape).toEqual([3, 2, 8]);
    expect(decoder.namedParameters().has("layers.0.multihead_attn.in_proj_weight")).toBe(true);
    expect([...decoder.namedParameters().keys()].at(-1)).toBe("norm.bias");
  });

  test("an unknown activation is an error, a function is not", () => {
    expect(() => new TransformerEncoderLayer(8, 2, { activation: "silu" as "relu" })).toThrow(
      "TransformerEncoderLayer: expected activation relu, gelu or a function, got silu",
    );
    expect(
      new TransformerEncoderLayer(8, 2, { activation: (x) => x, ...options }).forward(normal([2, 8])).shape,
    ).toEqual([2, 8]);
  });
});
