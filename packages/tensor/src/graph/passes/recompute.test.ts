import { describe, expect, test } from "vitest";
import { lowered } from "../../../test/graphOf.ts";
import { gradients } from "../../autograd/gradients.ts";
import { add } from "../../ops/add.ts";
import { erf } from "../../ops/erf.ts";
import { less } from "../../ops/less.ts";
import { matmul } from "../../ops/matmul.ts";
import { mul } from "../../ops/mul.ts";
import type { ElementwiseName } from "../../ops/names.ts";
import { pow } from "../../ops/pow.ts";
import { sigmoid } from "../../ops/sigmoid.ts";
import { sum } from "../../ops/sum.ts";
import { where } from "../../ops/where.ts";
import { Generator } from "../../random.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import type { LoweredGraph } from "../lower.ts";

const size = 64;
const square = [size, size];
const count = ({ calls }: LoweredGraph, op: ElementwiseName): number =>
  calls.flatMap((c) => (c.kernel === "chain" ? c.attrs.steps.filter((s) => s.op === op) : [])).length;
const outputCounts = ({ calls }: LoweredGraph): number[] =>
  calls.flatMap((c) => (c.kernel === "chain" ? [c.outputs.length] : []));

/** The gradient of Σ (f(x w) w)² with respect to w: what f computes lies between products. */
function betweenProducts(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  const w = zeros(square, { requiresGrad: true });
  return (x) => {
    const y = matmul(f(matmul(x, w)), w);
    return gradients(sum(mul(y, y)), [w])[0] as Tensor;
  };
}

const gelu = (x: Tensor): Tensor => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

describe("recompute", () => {
  test("keeps the argument of an activation, and nothing else", () => {
    const graph = lowered(betweenProducts(gelu), square);
    expect(count(graph, "erf")).toBe(2);
    expect(outputCounts(graph).every((n) => n === 1)).toBe(true);
  });

  test("of one function too", () => {
    const graph = lowered(
      betweenProducts((x) => mul(x, sigmoid(x))),
      square,
    );
    expect(count(graph, "sigmoid")).toBe(2);
    expect(outputCounts(graph).every((n) => n === 1)).toBe(true);
  });

  test("not what takes longer than memory does", () => {
    const graph = lowered(
      betweenProducts((x) => mul(x, pow(x, 2.3))),
      square,
    );
    // x^2.3 in the forward pass, x^1.3 in the backward pass.
    expect(count(graph, "pow")).toBe(2);
    expect(Math.max(...outputCounts(graph))).toBeGreaterThan(1);
  });

  test("not where as much would have to be kept instead", () => {
    // e = erf(x w) is read by two chains that a product separates; x w itself by nothing else.
    const graph = lowered(
      (x, w) => {
        const e = erf(matmul(x, w));
        return mul(matmul(mul(e, 2), w), e);
      },
      square,
      square,
    );
    expect(count(graph, "erf")).toBe(1);
  });

  test("not what kernels or the caller read", () => {
    const graph = lowered(
      (x, w) => {
        const e = erf(x);
        return [mul(matmul(e, w), e), x];
      },
      square,
      square,
    );
    expect(count(graph, "erf")).toBe(1);
    const returned = lowered(
      (x, w) => {
        const e = erf(mul(x, 2));
        return [e, mul(matmul(mul(e, 3), w), e), x];
      },
      square,
      square,
    );
    expect(count(returned, "erf")).toBe(1);
  });

  test("keeps the mask of dropout, which is smaller than the random numbers that it is made of", () => {
    const generator = new Generator(1);
    const dropout = (x: Tensor): Tensor => where(less(generator.uniform(square), 0.5), mul(x, 2), 0);
    const graph = lowered(betweenProducts(dropout), square);
    expect(graph.calls.filter((c) => c.kernel === "randomUniform").length).toBe(1);
    expect(count(graph, "less")).toBe(1);
  });
});
