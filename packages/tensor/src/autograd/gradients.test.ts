import { describe, expect, test } from "vitest";
import { ShapeError } from "../errors.ts";
import { add } from "../ops/add.ts";
import { exp } from "../ops/exp.ts";
import { mul } from "../ops/mul.ts";
import { pow } from "../ops/pow.ts";
import { sin } from "../ops/sin.ts";
import { sum } from "../ops/sum.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { gradients } from "./gradients.ts";
import { noGrad } from "./gradMode.ts";

const leaf = (values: number[]): Tensor => tensor(Float64Array.from(values), [values.length], { requiresGrad: true });
const list = (t: Tensor | null | undefined): number[] | null => (t ? Array.from(t.toArray()) : null);

describe("gradients", () => {
  test("are returned, not added to grad", () => {
    const [x, y] = [leaf([2]), leaf([3])];
    const [dx, dy] = gradients(mul(mul(x, x), y), [x, y]);
    expect([list(dx), list(dy), x.grad, y.grad]).toEqual([[12], [4], null, null]);
    expect(dx?.requiresGrad).toBe(false);
  });

  test("are null where nothing depends on the target", () => {
    const [x, other] = [leaf([2]), leaf([3])];
    expect(gradients(exp(x), [other, x]).map((g) => g === null)).toEqual([true, false]);
    expect(gradients(tensor([1]), [x])).toEqual([null]);
  });

  test("with respect to intermediate results", () => {
    const x = leaf([2]);
    const y = mul(x, x);
    const [dy, dx] = gradients(mul(y, 5), [y, x]);
    expect([list(dy), list(dx)]).toEqual([[5], [20]]);
  });

  test("of a tensor with respect to itself are its seed", () => {
    const x = leaf([2]);
    const y = mul(x, 3);
    expect(list(gradients(y, [y])[0])).toEqual([1]);
    expect(list(gradients(x, [x])[0])).toEqual([1]);
  });

  test("take a seed", () => {
    const x = leaf([1, 2]);
    const seed = tensor(Float64Array.of(1, 10));
    expect(list(gradients(mul(x, x), [x], { seed })[0])).toEqual([2, 40]);
    expect(() => gradients(mul(x, x), [x])).toThrowError(ShapeError);
  });
});

describe("createGraph", () => {
  test("gives higher derivatives", () => {
    const x = leaf([0.7]);
    const derivatives: (number[] | null)[] = [];
    let y: Tensor = sin(x);
    for (let order = 0; order < 4; order++) {
      y = gradients(y, [x], { createGraph: true })[0] as Tensor;
      derivatives.push(list(y));
    }
    const [s, c] = [Math.sin(0.7), Math.cos(0.7)];
    expect(derivatives.flat()).toEqual([c, -s, -c, s]);
  });

  test("gives Hessian-vector products", () => {
    // f = x₀²x₁ + x₁³, H = [[2x₁, 2x₀], [2x₀, 6x₁]]
    const x = leaf([2, 3]);
    const pick = (i: number): Tensor => sum(mul(x, tensor(Float64Array.from([0, 1], (k) => Number(k === i)))));
    const f = add(mul(pow(pick(0), 2), pick(1)), pow(pick(1), 3));
    const [g] = gradients(f, [x], { createGraph: true }) as [Tensor];
    expect(list(g)).toEqual([12, 31]);
    const product = sum(mul(g, tensor(Float64Array.of(1, -1))));
    expect(list(gradients(product, [x])[0])).toEqual([6 - 4, 4 - 18]);
  });

  test("lets a gradient penalty be trained on", () => {
    const [x, w] = [leaf([1.5]), leaf([0.5])];
    // y = w·x², dy/dx = 2wx, penalty = (2wx)², d/dw = 8wx²
    const [dx] = gradients(mul(w, mul(x, x)), [x], { createGraph: true }) as [Tensor];
    mul(dx, dx).backward();
    expect(list(w.grad)).toEqual([8 * 0.5 * 2.25]);
  });

  test("works inside of noGrad, since it says so itself", () => {
    const x = leaf([3]);
    const y = mul(mul(x, x), x);
    const second = noGrad(() => gradients(gradients(y, [x], { createGraph: true })[0] as Tensor, [x])[0]);
    expect(list(second)).toEqual([18]);
  });
});
