import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gradients } from "../autograd/gradients.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import { Generator } from "../random.ts";
import type { Shape } from "../shape.ts";
import { ones, type Tensor, tensor, zeros } from "../tensor.ts";
import { cast } from "./cast.ts";
import { mul } from "./mul.ts";
import {
  type ScaledDotProductAttentionOptions as Options,
  scaledDotProductAttention,
} from "./scaledDotProductAttention.ts";
import { sum } from "./sum.ts";

const goldens = JSON.parse(
  readFileSync(new URL("../../../../fixtures/attention/goldens.json", import.meta.url), "utf8"),
) as Record<string, number[][]>;

/** The numbers that the goldens are computed from. */
function values(shape: Shape, k: number): Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  const data = Float64Array.from({ length: size }, (_, i) => (((i * 7 + k * 13) % 11) - 5) / 4);
  return tensor(data, shape, { requiresGrad: true });
}

const inputs = (): [Tensor, Tensor, Tensor] => [
  values([1, 2, 3, 4], 1),
  values([1, 2, 5, 4], 2),
  values([1, 2, 5, 2], 3),
];
const bool = (data: number[], shape: Shape): Tensor => cast(tensor(data, shape), "bool");
const cases: Record<string, Options> = {
  plain: {},
  scaled: { scale: 0.3 },
  causal: { isCausal: true },
  "bool mask": { mask: bool([1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1], [3, 5]) },
  "float mask": {
    mask: tensor(Float64Array.of(0.5, -1, 0, 2, -0.25, 0, 1, -2, 0, 0.75, 1, -1, 1, -1, 1), [3, 5]),
  },
};

describe("scaledDotProductAttention", () => {
  test.each(Object.entries(cases))("%s: equal to PyTorch, with gradients", (name, options) => {
    const [q, k, v] = inputs();
    const y = scaledDotProductAttention(q, k, v, options);
    const results = [y, ...gradients(sum(mul(y, y)), [q, k, v])] as Tensor[];
    expect(y.shape).toEqual([1, 2, 3, 2]);
    results.forEach((t, i) => {
      for (const [j, value] of [...t.toArray()].entries()) {
        expect(value).toBeCloseTo(goldens[name]?.[i]?.[j] as number, 8);
      }
    });
  });

  test("a query that may attend to nothing gives 0, and so do its gradients", () => {
    const [q, k, v] = inputs();
    const mask = bool([1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1], [3, 5]);
    const y = scaledDotProductAttention(q, k, v, { mask });
    expect([...y.toArray()].slice(2, 4)).toEqual([0, 0]);
    const [dq] = gradients(sum(mul(y, y)), [q, k, v]) as Tensor[];
    const rows = [...(dq as Tensor).toArray()];
    expect(rows.slice(4, 8).every((d) => d === 0)).toBe(true);
    expect(rows.every(Number.isFinite)).toBe(true);
    expect(rows.slice(0, 4).some((d) => d !== 0)).toBe(true);
  });

  test("dropout drops weights, and scales what it keeps", () => {
    // With equal keys every weight is 1 / 64; with values of 1, the result is the part that is kept, times 2.
    const options = { dropout: { p: 0.5, generator: new Generator(3) } };
    const y = scaledDotProductAttention(
      zeros([50, 8]),
      ones([64, 8]),
      ones([64, 1]),
      options,
    ).toArray() as Float32Array;
    expect(new Set(y).size).toBeGreaterThan(5);
    for (const kept of y) expect((kept * 32) % 1).toBeCloseTo(0, 5);
    expect(y.reduce((total, v) => total + v, 0) / 50).toBeCloseTo(1, 1);
    const all = scaledDotProductAttention(zeros([2, 8]), ones([64, 8]), ones([64, 1]), {
      dropout: { p: 0, generator: new Generator(3) },
    });
    expect([...all.toArray()]).toEqual([1, 1]);
  });

  test("refuses what does not fit", () => {
    const [q, k, v] = inputs();
    const bad = (...args: Parameters<typeof scaledDotProductAttention>) =>
      expect(() => scaledDotProductAttention(...args));
    bad(q, v, v).toThrowError(ShapeError);
    bad(q, k, zeros([1, 2, 4, 2], { dtype: "float64" })).toThrowError(ShapeError);
    bad(zeros([4]), k, v).toThrowError(/query \[\.\.\., L, E\]/);
    bad(q, k, v, { mask: zeros([3, 5], { dtype: "int32" }) }).toThrowError(DTypeError);
    bad(q, k, v, { mask: zeros([3, 5], { dtype: "float64" }), isCausal: true }).toThrowError(ArgumentError);
    bad(q, k, v, { dropout: { p: 1, generator: new Generator(0) } }).toThrowError(/probability of dropout in \[0, 1\)/);
  });
});
