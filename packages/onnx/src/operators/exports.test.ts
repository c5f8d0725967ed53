import { Module } from "@graftjs/nn";
import * as t from "@graftjs/tensor";
import { type OpName, ops, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { sines } from "../../test/fixtures.ts";
import { exportedOps } from "../emit.ts";
import { HeadExportError } from "../errors.ts";
import { evaluating } from "../evaluating.ts";
import { importModel } from "../module.ts";
import { exportNetwork } from "../network.ts";
import { trace } from "../trace.ts";

const backward = "it occurs in gradients alone, and a network is exported as it evaluates";

/** All ops that cannot be written as ONNX, and why. */
const refused: Partial<Record<OpName, string>> = {
  adaptiveAvgPool2dGrad: backward,
  atan2: "there is no operator for the angle of a point",
  avgPool2dGrad: backward,
  batchNormGrad: backward,
  conv2dWeightGrad: backward,
  erfinv: "there is no operator for the inverse of erf",
  geluGrad: backward,
  layerNormGrad: backward,
  linearRecurrence: "there is no operator for a recurrence; a loop would take a subgraph",
  logSoftmaxGrad: backward,
  maxPool2dGrad: backward,
  randomUniform: "there is no operator for counter-based random numbers",
  softmaxCrossEntropy: "it is a loss, and a network is exported without",
  softmaxCrossEntropyGrad: backward,
  softmaxGrad: backward,
};

/** A function of [N, 6], or of the shape given, that uses an op, and the first operator set that it can be written in. */
interface Case {
  readonly op: OpName;
  readonly fn: (x: Tensor) => Tensor;
  readonly shape?: readonly number[];
  readonly from?: number;
}

const image = [2, 4, 6];
const on = (op: OpName, fn: Case["fn"], more: Omit<Case, "op" | "fn"> = {}): Case => ({ op, fn, ...more });
/** 0 or 1 an element. */
const bits = (x: Tensor): Tensor => t.cast(t.greater(x, 0), "int32");
const integers = (x: Tensor): Tensor => t.cast(t.mul(x, 10), "int32");
const above = (x: Tensor): Tensor => t.add(t.mul(x, x), 0.5);

const cases: readonly Case[] = [
  on("abs", t.abs),
  on("acos", (x) => t.acos(t.tanh(x))),
  on("acosh", (x) => t.acosh(t.add(above(x), 1))),
  on("adaptiveAvgPool2d", (x) => t.adaptiveAvgPool2d(x, [2, 3]), { shape: image }),
  on("add", (x) => t.add(x, 1)),
  on("argmax", (x) => t.argmax(x, 1)),
  on("argmax", (x) => t.argmax(x, 1, { keepDims: true })),
  on("argmin", (x) => t.argmin(x, 1)),
  on("asin", (x) => t.asin(t.tanh(x))),
  on("asinh", t.asinh),
  on("atan", t.atan),
  on("atanh", (x) => t.atanh(t.mul(t.tanh(x), 0.9))),
  on("avgPool2d", (x) => t.avgPool2d(x, 2, { padding: 1, ceilMode: true }), { shape: image }),
  on("avgPool2d", (x) => t.avgPool2d(x, 3, { padding: 1, stride: 2, countIncludePad: false }), { shape: image }),
  on("batchNorm", (x) => t.groupNorm(x, 2, { weight: sines([4]), bias: sines([4]) }), { shape: [4, 3, 3] }),
  on("batchNorm", (x) => t.instanceNorm(x, { weight: sines([2]), bias: sines([2]) }).y, { shape: image }),
  on("bitwiseAnd", (x) => t.bitwiseAnd(integers(x), 6), { from: 18 }),
  on("bitwiseAnd", (x) => t.cast(t.bitwiseAnd(t.greater(x, 0), t.less(x, 0.5)), "float32")),
  on("cast", integers),
  on("cast", (x) => t.cast(t.cast(x, "bool"), "float32")),
  on("ceil", (x) => t.ceil(t.mul(x, 3))),
  on("clamp", (x) => t.clamp(x, -0.5, 0.5)),
  on("concat", (x) => t.concat([x, x], 1)),
  on("conv2d", (x) => t.conv2d(x, sines([4, 1, 3, 3]), sines([4]), { padding: 1, groups: 2 }), { shape: image }),
  on("conv2dInputGrad", (x) => t.convTranspose2d(x, sines([2, 3, 3, 3]), sines([3]), { stride: 2 }), { shape: image }),
  on(
    "conv2dInputGrad",
    (x) =>
      t.convTranspose2d(x, sines([2, 2, 3, 2]), null, {
        stride: [2, 3],
        padding: [1, 0],
        outputPadding: [1, 2],
        groups: 2,
        dilation: [2, 1],
      }),
    { shape: image },
  ),
  on("conv2dInputGrad", (x) => t.convTranspose1d(x, sines([3, 2, 4]), null, { stride: 2, padding: 1 }), {
    shape: [3, 5],
  }),
  on("cos", t.cos),
  on("cosh", t.cosh),
  on("cumsum", (x) => t.cumsum(x, 1)),
  on("div", (x) => t.div(x, above(x))),
  on("equal", (x) => t.equal(t.round(x), 0)),
  on("erf", t.erf),
  on("erfc", t.erfc),
  on("exp", t.exp),
  on("exp2", t.exp2),
  on("expand", (x) =>
    t.concat([t.expand(sines([1, 2, 3]), [x.shape[0] as number, 2, 3]), t.reshape(x, [-1, 2, 3])], 1),
  ),
  on("expand", (x) => t.cumsum(t.expand(t.unsqueeze(x, 1), [x.shape[0] as number, 3, 6]), 1)),
  on("expm1", t.expm1),
  on("floor", (x) => t.floor(t.mul(x, 3))),
  on("floorDivide", (x) => t.floorDivide(x, 0.7)),
  on("floorDivide", (x) => t.floorDivide(integers(x), t.tensor(Int32Array.of(3, -3, 4, -4, 5, -5)))),
  on("fmod", (x) => t.fmod(t.mul(x, 3), 0.7)),
  on("full", (x) => t.concat([x, t.full([x.shape[0] as number, 2], 3)], 1)),
  on("full", (x) => {
    const threes = t.full([2 * (x.shape[0] as number), 3], 3, { dtype: "int32" });
    return t.reshape(t.concat([t.cast(threes, "float32"), t.reshape(x, [-1, 3])], 0), [-1, 12]);
  }),
  on("gather", (x) => t.gather(x, bits(x), 1)),
  on("gather", (x) => t.takeAlongAxis(x, t.argsort(x, 1), 1)),
  on("gelu", (x) => t.gelu(x)),
  on("greater", (x) => t.greater(x, 0)),
  on("greaterEqual", (x) => t.greaterEqual(x, t.round(x))),
  on("hardtanh", (x) => t.hardtanh(x)),
  on("hypot", (x) => t.hypot(x, 2)),
  on("indexAdd", (x) => t.indexAdd(x, t.tensor(Int32Array.of(3, 0, 0, 2, 1, 3)), 1, 5), { from: 16 }),
  on("indexSelect", (x) => t.indexSelect(x, t.tensor(Int32Array.of(3, 0, 0)), 1)),
  on("layerNorm", (x) => t.layerNorm(x, sines([6]), sines([6])).y),
  on("less", (x) => t.less(x, 0)),
  on("lessEqual", (x) => t.lessEqual(x, t.round(x))),
  on("log", (x) => t.log(above(x))),
  on("log10", (x) => t.log10(above(x))),
  on("log1p", (x) => t.log1p(above(x))),
  on("log2", (x) => t.log2(above(x))),
  on("logicalAnd", (x) => t.logicalAnd(t.greater(x, 0), t.less(x, 0.5))),
  on("logicalNot", (x) => t.logicalNot(t.greater(x, 0))),
  on("logicalOr", (x) => t.logicalOr(t.greater(x, 0.5), t.less(x, 0))),
  on("logSoftmax", (x) => t.logSoftmax(x, 1)),
  on("matmul", (x) => t.matmul(x, sines([6, 3]))),
  on("matmul", (x) => t.matmul(x, x, { transposeB: true }), { shape: image }),
  on("max", (x) => t.max(x, { axes: [1] })),
  on("max", (x) => t.max(x, { axes: [1, 3], keepDims: true }), { shape: image }),
  on("maxPool2d", (x) => t.maxPool2d(x, 3, { stride: 2, padding: 1 }), { shape: image }),
  on("maximum", (x) => t.maximum(x, 0.2)),
  on("min", (x) => t.min(x, { axes: [-1], keepDims: true })),
  on("minimum", (x) => t.minimum(x, 0.2)),
  on("mul", (x) => t.mul(x, x)),
  on("neg", t.neg),
  on("notEqual", (x) => t.notEqual(t.round(x), 0)),
  on("notEqual", (x) => t.logicalXor(t.greater(x, 0), t.less(x, 0.5))),
  on("notEqual", (x) => t.isnan(t.log(x))),
  on("pad", (x) =>
    t.pad(
      x,
      [
        [0, 0],
        [1, 2],
      ],
      9,
    ),
  ),
  on("permute", (x) => t.permute(x, [0, 2, 3, 1]), { shape: image }),
  on("pow", (x) => t.pow(above(x), 1.7)),
  on("prod", (x) => t.prod(x, { axes: [1] })),
  on("relu", t.relu),
  on("reshape", (x) => t.reshape(x, [-1, 3, 2])),
  on("round", (x) => t.round(t.mul(x, 4))),
  on("rsqrt", (x) => t.rsqrt(above(x))),
  on("scatter", (x) => t.scatter(x, t.concat([bits(x), t.add(bits(x), 3)], 1), t.concat([t.neg(x), x], 1), 1)),
  on("scatterAdd", (x) => t.scatterAdd(x, bits(x), t.neg(x), 1), { from: 16 }),
  on("sigmoid", t.sigmoid),
  on("sign", t.sign),
  on("sin", t.sin),
  on("sinh", t.sinh),
  on("slice", (x) => t.slice(x, 1, 1, -1, 2)),
  on("slice", (x) => t.slice(x, 1, 4, 0, -2)),
  on("slice", (x) => t.flip(x, [0, 1, 3]), { shape: image }),
  on(
    "indexSelect",
    (x) =>
      t.pad(
        x,
        [
          [0, 0],
          [0, 0],
          [1, 2],
          [3, 1],
        ],
        { mode: "reflect" },
      ),
    { shape: image },
  ),
  on("softmax", (x) => t.softmax(x, 1)),
  on("sort", (x) => t.sort(x, 1).values),
  on("sort", (x) => t.topK(t.round(t.mul(x, 2)), 4).indices),
  on("sort", (x) => t.median(x, { axis: 1 })),
  on("sqrt", (x) => t.sqrt(above(x))),
  on("sub", (x) => t.sub(1, x)),
  on("sum", (x) => t.sum(x, { axes: [1] })),
  on("tan", t.tan),
  on("tanh", t.tanh),
  on("trunc", (x) => t.trunc(t.mul(x, 3))),
  on("where", (x) => t.where(t.greater(x, 0), x, t.mul(x, 0.1))),
];

class Applied extends Module<[Tensor], Tensor> {
  readonly #fn: (x: Tensor) => Tensor;

  constructor(fn: (x: Tensor) => Tensor) {
    super();
    this.#fn = fn;
  }

  forward(x: Tensor): Tensor {
    return this.#fn(x);
  }
}

describe("ops", () => {
  it("are written as ONNX, or are listed with the reason", () => {
    const listed = Object.keys(refused) as OpName[];
    expect([...exportedOps, ...listed].sort()).toEqual(Object.keys(ops).sort());
    expect(Object.keys(ops).filter((op) => !(op in refused) && !cases.some((c) => c.op === op))).toEqual([]);
  });

  describe.each([13, 17, 20])("at operator set %i", (opset) => {
    const written = cases.filter(({ from = 13 }) => from <= opset);
    it.each(written.map((c, i) => [`${c.op} (${i})`, c] as const))("%s", async (_, { op, fn, shape = [6] }) => {
      const network = new Applied(fn);
      const spec = { shape: [2, ...shape], dtype: "float32" } as const;
      const graph = evaluating(network, () => trace((x) => [fn(x as Tensor)], [spec]));
      expect((await graph).nodes.map((node) => node.op.name)).toContain(op);
      const { bytes, maxAbsError } = await exportNetwork(network, { inputShape: ["N", ...shape], opset });
      expect(maxAbsError).toBeLessThan(2e-6);
      // Another batch than the one that it was traced with, and compared with.
      const x = sines([3, ...shape]);
      const [got, expected] = [importModel(bytes).eval().forward(x), fn(x)];
      expect(got.shape).toEqual(expected.shape);
      expect(got.dtype).toBe(expected.dtype);
      for (const [i, value] of got.toArray().entries())
        expect(Math.abs(value - (expected.toArray()[i] as number)) || 0, `element ${i}`).toBeLessThan(2e-6);
    });
  });

  it.each<[string, Case["fn"], Partial<Parameters<typeof exportNetwork>[1]>, RegExp]>([
    ["atan2", (x) => t.atan2(x, 2), {}, /op atan2/],
    ["part of the batch", (x) => t.add(x, t.slice(x, 0, 0, 1)), {}, /part of the batch/],
    ["order along the batch", (x) => t.sort(x, 0).values, {}, /sorts along the batch/],
    [
      "padding of the batch",
      (x) =>
        t.slice(
          t.pad(x, [
            [1, 0],
            [0, 0],
          ]),
          0,
          1,
        ),
      {},
      /pads the batch/,
    ],
    ["sums by index, of old", (x) => t.scatterAdd(x, bits(x), x, 1), { opset: 15 }, /operator set 16/],
    ["own divisor", (x) => t.avgPool2d(t.reshape(x, [-1, 1, 2, 3]), 2, { divisorOverride: 3 }), {}, /divisor/],
  ])("refuse %s", async (_, fn, options, message) => {
    const exporting = exportNetwork(new Applied(fn), { inputShape: ["N", 6], ...options });
    await expect(exporting).rejects.toThrow(HeadExportError);
    await expect(exporting).rejects.toThrow(message);
  });
});
