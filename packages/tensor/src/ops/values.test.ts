import { describe, expect, test } from "vitest";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { abs } from "./abs.ts";
import { adaptiveAvgPool2d } from "./adaptiveAvgPool2d.ts";
import { argmax } from "./argmax.ts";
import { avgPool2d, globalAvgPool2d } from "./avgPool2d.ts";
import { batchNorm } from "./batchNorm.ts";
import { cast } from "./cast.ts";
import { clamp } from "./clamp.ts";
import { concat } from "./concat.ts";
import { conv2d, conv2dOutputSize } from "./conv2d.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expand } from "./expand.ts";
import { full } from "./full.ts";
import { greater } from "./greater.ts";
import { hardtanh, relu6 } from "./hardtanh.ts";
import { indexAdd } from "./indexAdd.ts";
import { indexSelect } from "./indexSelect.ts";
import { less } from "./less.ts";
import { log } from "./log.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { logSoftmax } from "./logSoftmax.ts";
import { matmul } from "./matmul.ts";
import { max } from "./max.ts";
import { maximum } from "./maximum.ts";
import { maxPool2d } from "./maxPool2d.ts";
import { mean } from "./mean.ts";
import { minimum } from "./minimum.ts";
import { mul } from "./mul.ts";
import { notEqual } from "./notEqual.ts";
import { oneHot } from "./oneHot.ts";
import { pad } from "./pad.ts";
import { permute, transpose } from "./permute.ts";
import { pow } from "./pow.ts";
import { relu } from "./relu.ts";
import { flatten, reshape, squeeze, unsqueeze } from "./reshape.ts";
import { round } from "./round.ts";
import { rsqrt } from "./rsqrt.ts";
import { sigmoid } from "./sigmoid.ts";
import { sign } from "./sign.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { variance } from "./variance.ts";
import { where } from "./where.ts";

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const list = (t: Tensor): number[] => Array.from(t.toArray());
const leaf = (values: number[]): Tensor => tensor(Float64Array.from(values), [values.length], { requiresGrad: true });
function grad(fn: (x: Tensor) => Tensor, values: number[]): number[] {
  const x = leaf(values);
  sum(fn(x)).backward();
  return list(x.grad as Tensor);
}

describe("NaN and infinities, as in PyTorch", () => {
  const special = tensor([nan, inf, -inf, -1, 0]);

  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["relu", relu, [nan, inf, 0, 0, 0]],
    ["relu6", relu6, [nan, 6, 0, 0, 0]],
    ["hardtanh", hardtanh, [nan, 1, -1, -1, 0]],
    ["clamp", (x) => clamp(x, -0.5, 0.5), [nan, 0.5, -0.5, -0.5, 0]],
    ["abs", abs, [nan, inf, inf, 1, 0]],
    ["sign", sign, [0, 1, -1, -1, 0]],
    ["exp", exp, [nan, inf, 0, Math.fround(Math.exp(-1)), 1]],
    ["log", log, [nan, inf, nan, nan, -inf]],
    ["sqrt", sqrt, [nan, inf, nan, nan, 0]],
    ["rsqrt", rsqrt, [nan, 0, nan, nan, inf]],
    ["sigmoid", sigmoid, [nan, 1, 0, Math.fround(1 / (1 + Math.E)), 0.5]],
    ["erf", erf, [nan, 1, -1, Math.fround(-0.8427007929497149), 0]],
    ["maximum", (x) => maximum(x, 0), [nan, inf, 0, 0, 0]],
    ["minimum", (x) => minimum(0, x), [nan, 0, -inf, -1, 0]],
    ["1 / x", (x) => div(1, x), [nan, 0, -0, -1, inf]],
    ["x · 0", (x) => mul(x, 0), [nan, nan, nan, -0, 0]],
    ["x - x", (x) => sub(x, x), [nan, nan, nan, 0, 0]],
    ["x⁰", (x) => pow(x, 0), [1, 1, 1, 1, 1]],
    ["x = x", (x) => equal(x, x), [0, 1, 1, 1, 1]],
    ["x ≠ x", (x) => notEqual(x, x), [1, 0, 0, 0, 0]],
    ["x > -2", (x) => greater(x, -2), [0, 1, 0, 1, 1]],
    ["x as bool", (x) => cast(x, "bool"), [1, 1, 1, 1, 0]],
  ])("%s", (_, fn, expected) => {
    // + 0, since here the sign of a zero does not matter.
    expect(list(fn(special)).map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
  });

  test("reductions", () => {
    expect(sum(tensor([1, nan])).item()).toBeNaN();
    expect(sum(tensor([inf, -inf])).item()).toBeNaN();
    expect(sum(tensor([inf, 1])).item()).toBe(inf);
    expect(max(tensor([1, nan, 2])).item()).toBeNaN();
    expect(max(tensor([-inf, -inf])).item()).toBe(-inf);
    expect(argmax(tensor([1, nan, inf, nan])).item()).toBe(1);
    expect(list(maxPool2d(tensor([1, nan, 2, 3], [1, 1, 2, 2]), 2))).toEqual([nan]);
    expect(list(softmax(tensor([0, -inf])))).toEqual([1, 0]);
    expect(list(softmax(tensor([-inf, -inf])))).toEqual([nan, nan]);
    expect(list(softmax(tensor([1, nan])))).toEqual([nan, nan]);
    expect(list(logSoftmax(tensor([0, -inf])))).toEqual([0, -inf]);
  });

  test("softmax does not overflow", () => {
    expect(list(softmax(tensor([1000, 1000])))).toEqual([0.5, 0.5]);
    expect(list(logSoftmax(tensor([1e4, 0])))).toEqual([0, -1e4]);
  });

  test("a masked NaN gives no gradient", () => {
    expect(grad((x) => where(greater(x, 0), x, mul(x, 0)), [2, -1])).toEqual([1, 0]);
  });
});

describe("nothing, as in PyTorch", () => {
  test("reductions of an empty axis", () => {
    const x = zeros([0, 3]);
    expect(list(sum(x, { axes: 0 }))).toEqual([0, 0, 0]);
    expect(sum(x).item()).toBe(0);
    expect(list(mean(x, { axes: 0 }))).toEqual([nan, nan, nan]);
    expect(sum(x, { axes: 1 }).shape).toEqual([0]);
    expect(max(x, { axes: 1 }).shape).toEqual([0]);
    expect(argmax(x, 1).shape).toEqual([0]);
  });

  test("ops on no elements", () => {
    const x = zeros([0, 3]);
    expect(mul(x, 2).shape).toEqual([0, 3]);
    expect(mul(x, zeros([1, 3])).shape).toEqual([0, 3]);
    expect(mul(zeros([0, 1]), zeros([1, 3])).shape).toEqual([0, 3]);
    expect(softmax(x).shape).toEqual([0, 3]);
    expect(transpose(x, 0, 1).shape).toEqual([3, 0]);
    expect(concat([x, zeros([2, 3])], 0).shape).toEqual([2, 3]);
    expect(reshape(x, [3, 0, 5]).shape).toEqual([3, 0, 5]);
    expect(slice(zeros([2]), 0, 2).shape).toEqual([0]);
    expect(expand(zeros([1, 3]), [0, 3]).shape).toEqual([0, 3]);
    expect(list(pad(zeros([0]), [[1, 1]], 5))).toEqual([5, 5]);
    expect(indexSelect(zeros([4, 3]), tensor(new Int32Array(0))).shape).toEqual([0, 3]);
  });

  test("products of nothing are zeros", () => {
    expect(matmul(zeros([2, 0]), zeros([0, 3])).toNested()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).toEqual([0, 3]);
    expect(conv2d(zeros([0, 1, 4, 4]), zeros([2, 1, 3, 3])).shape).toEqual([0, 2, 2, 2]);
  });

  test("its gradient has its shape", () => {
    const x = zeros([0, 3], { requiresGrad: true });
    sum(mul(x, zeros([1, 3]))).backward();
    expect(x.grad?.shape).toEqual([0, 3]);
  });
});

describe("rounding", () => {
  test("to even halves", () => {
    expect(list(round(tensor([0.5, 1.5, 2.5, -1.5, 2.4, -2.6])))).toEqual([0, 2, 2, -2, 2, -3]);
  });

  test("to int32 drops the fraction", () => {
    expect(list(cast(tensor([1.9, -1.9, 0.5]), "int32"))).toEqual([1, -1, 0]);
  });
});

describe("variance", () => {
  test("is unbiased, unless told otherwise", () => {
    const x = tensor([1, 2, 3, 4]);
    expect(variance(x).item()).toBeCloseTo(5 / 3, 6);
    expect(variance(x, { correction: 0 }).item()).toBeCloseTo(1.25, 6);
    expect(variance(tensor([1])).item()).toBeNaN();
    expect(
      variance(
        tensor([
          [1, 3],
          [2, 6],
        ]),
        { axes: 1, keepDims: true },
      ).toNested(),
    ).toEqual([[2], [8]]);
  });
});

describe("gradients at kinks, as in PyTorch", () => {
  test("abs, relu, relu6, hardtanh, clamp", () => {
    expect(grad(abs, [-1, 0, 1])).toEqual([-1, 0, 1]);
    expect(grad(relu, [-1, 0, 1])).toEqual([0, 0, 1]);
    expect(grad(relu6, [0, 3, 6])).toEqual([0, 1, 0]);
    expect(grad(hardtanh, [-1, 0, 1])).toEqual([0, 1, 0]);
    expect(grad((x) => clamp(x, -1, 1), [-1, 0, 1, 2])).toEqual([1, 1, 1, 0]);
  });

  test("equal operands of maximum and largest elements of max share it", () => {
    expect(grad((x) => maximum(x, tensor(Float64Array.of(1, 1))), [1, 2])).toEqual([0.5, 1]);
    expect(grad((x) => minimum(x, tensor(Float64Array.of(1, 1))), [1, 2])).toEqual([0.5, 0]);
    expect(grad((x) => max(x), [3, 1, 3])).toEqual([0.5, 0, 0.5]);
  });

  test("the first of equal elements has it in maxPool2d", () => {
    expect(grad((x) => maxPool2d(reshape(x, [1, 1, 2, 2]), 2), [1, 5, 5, 5])).toEqual([0, 1, 0, 0]);
  });

  test("a rounded quotient has none, not even by 0", () => {
    for (const roundingMode of ["trunc", "floor"] as const) {
      expect(grad((x) => div(x, tensor([0, 0, 2]), { roundingMode }), [1, 0, 3])).toEqual([0, 0, 0]);
      expect(grad((y) => div(1, y, { roundingMode }), [0, 1e-30, 2])).toEqual([0, 0, 0]);
    }
  });

  test("pow at 0", () => {
    expect(grad((x) => pow(x, 2), [0, 3])).toEqual([0, 6]);
    expect(grad((x) => pow(x, 1), [0])).toEqual([1]);
    expect(grad((x) => pow(x, 0), [0, 2])).toEqual([0, 0]);
    expect(grad((y) => pow(tensor(Float64Array.of(0, 2)), y), [2, 3])).toEqual([0, 8 * Math.log(2)]);
  });
});

describe("moving elements", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  test("reshape, flatten, squeeze, unsqueeze", () => {
    expect(reshape(x, [3, -1]).shape).toEqual([3, 2]);
    expect(reshape(x, [2, 3])).toBe(x);
    expect(flatten(zeros([2, 3, 4, 5]), 1, 2).shape).toEqual([2, 12, 5]);
    expect(flatten(zeros([2, 3, 4]), -2).shape).toEqual([2, 12]);
    expect(flatten(tensor(7)).shape).toEqual([1]);
    expect(squeeze(zeros([1, 2, 1])).shape).toEqual([2]);
    expect(squeeze(zeros([1, 2, 1]), -1).shape).toEqual([1, 2]);
    expect(unsqueeze(x, 0).shape).toEqual([1, 2, 3]);
    expect(unsqueeze(x, [0, -1]).shape).toEqual([1, 2, 3, 1]);
  });

  test("permute takes negative axes", () => {
    expect(permute(x, [-1, 0]).toNested()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(transpose(zeros([2, 3, 4]), 0, -1).shape).toEqual([4, 3, 2]);
  });

  test("slice clips like Python", () => {
    expect(slice(x, 1, 1).toNested()).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(slice(x, -1, -2, -1).toNested()).toEqual([[2], [5]]);
    expect(slice(x, 1, -9, 9)).toBe(x);
    expect(slice(x, 1, 2, 1).shape).toEqual([2, 0]);
  });

  test("concat of one tensor is itself", () => {
    expect(concat([x], 1)).toBe(x);
    expect(concat([x, x], -1).shape).toEqual([2, 6]);
  });

  test("concat leaves out what has the shape [0], but for its dtype", () => {
    const none = zeros([0]);
    expect(concat([none, x], 1)).toBe(x);
    expect(concat([x, none, x], 1).shape).toEqual([2, 6]);
    expect(concat([none, none]).shape).toEqual([0]);
    expect(concat([none, tensor([[1]], undefined, { dtype: "int32" })]).dtype).toBe("float32");
    expect(() => concat([none, x], 2)).toThrow(/axis/);
    expect(() => concat([zeros([0, 2]), x])).toThrow(/concat: expected shapes equal/);
  });

  test("pad with nothing is itself", () => {
    expect(
      pad(x, [
        [0, 0],
        [0, 0],
      ]),
    ).toBe(x);
  });

  test("indexSelect and indexAdd repeat", () => {
    const picked = indexSelect(x, tensor(Int32Array.of(1, 1, 0)));
    expect(picked.toNested()).toEqual([
      [4, 5, 6],
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(indexAdd(x, tensor(Int32Array.of(2, 2)), 0, 3).toNested()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [5, 7, 9],
    ]);
    expect(indexAdd(x, tensor(Int32Array.of(0, 0, 1)), -1, 2).toNested()).toEqual([
      [3, 3],
      [9, 6],
    ]);
  });

  test("oneHot", () => {
    expect(oneHot(tensor(Int32Array.of(2, 0, 5)), 3).toNested()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(oneHot(tensor(Int32Array.of(1)), 2, "bool").dtype).toBe("bool");
  });
});

describe("operands", () => {
  test("numbers take the dtype of the tensor beside them", () => {
    expect(mul(tensor(Int32Array.of(2, 3)), 4).dtype).toBe("int32");
    expect(mul(2, tensor(Float64Array.of(0.1))).item()).toBe(0.2);
    expect(logicalAnd(tensor([1, 0], [2], { dtype: "bool" }), 1).dtype).toBe("bool");
    expect(mul(3, 4).item()).toBe(12);
    expect(mul(3, 4).dtype).toBe("float32");
  });

  test("full holds what its dtype can", () => {
    expect(full([], 2.7, { dtype: "int32" }).item()).toBe(2);
    expect(full([], 2, { dtype: "bool" }).item()).toBe(1);
    expect(full([], 0.1, { dtype: "float64" }).item()).toBe(0.1);
  });

  test("int32 wraps around", () => {
    expect(mul(tensor(Int32Array.of(2 ** 30)), 2).item()).toBe(-(2 ** 31));
    expect(less(tensor(Int32Array.of(-1)), 0).item()).toBe(1);
  });
});

describe("pooling", () => {
  test("averages count padding, unless told otherwise", () => {
    const x = full([1, 1, 2, 2], 4);
    expect(list(avgPool2d(x, 3, { padding: 1, stride: 2 }))).toEqual([16 / 9].map(Math.fround));
    expect(list(avgPool2d(x, 3, { padding: 1, stride: 2, countIncludePad: false }))).toEqual([4]);
  });

  test("rounding up drops windows that start in the padding", () => {
    expect(maxPool2d(zeros([1, 1, 4, 4]), 2, { stride: 2, padding: 1, ceilMode: true }).shape).toEqual([1, 1, 3, 3]);
    expect(maxPool2d(zeros([1, 1, 5, 5]), 2, { ceilMode: true }).shape).toEqual([1, 1, 3, 3]);
    expect(maxPool2d(zeros([1, 1, 5, 5]), 2).shape).toEqual([1, 1, 2, 2]);
  });

  test("padding never wins a maximum", () => {
    expect(list(maxPool2d(full([1, 1, 2, 2], -5), 2, { padding: 1 }))).toEqual([-5, -5, -5, -5]);
  });

  test("adaptive and global pooling", () => {
    const x = reshape(tensor([0, 1, 2, 3, 4, 5, 6, 7, 8]), [1, 1, 3, 3]);
    expect(list(adaptiveAvgPool2d(x, 2))).toEqual([2, 3, 5, 6]);
    expect(adaptiveAvgPool2d(x, [3, 3]).toNested()).toEqual(x.toNested());
    expect(globalAvgPool2d(x).toNested()).toEqual([[[[4]]]]);
  });
});

describe("batchNorm", () => {
  test("gives the statistics of the batch, detached", () => {
    const x = tensor(
      [
        [1, 10],
        [3, 30],
      ],
      undefined,
      { requiresGrad: true },
    );
    const { y, mean: m, variance: v } = batchNorm(x, tensor([1, 1]), tensor([0, 0]), 0);
    expect([list(y), list(m), list(v)]).toEqual([
      [-1, -1, 1, 1],
      [2, 20],
      [1, 100],
    ]);
    expect([y.requiresGrad, m.requiresGrad, v.requiresGrad]).toEqual([true, false, false]);
  });
});

test("output sizes of convolutions", () => {
  const size = (stride: number, padding: number, dilation: number): number[] =>
    conv2dOutputSize(
      {
        stride: [stride, stride],
        padding: [padding, padding, padding, padding],
        dilation: [dilation, dilation],
        groups: 1,
      },
      [1, 1, 7, 8],
      [1, 1, 3, 3],
    );
  expect([size(1, 0, 1), size(2, 1, 1), size(1, 2, 2), size(3, 0, 1)]).toEqual([
    [5, 6],
    [4, 4],
    [7, 8],
    [2, 2],
  ]);
});
