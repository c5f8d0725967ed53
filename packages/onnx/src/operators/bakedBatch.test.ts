import { noGrad, sum, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { int, int64, node } from "../../test/graphs.ts";
import { importModel } from "../module.ts";

/** The shape that samples [2, 3] get, of which the file takes `baked` at once. */
function shapeOf(target: readonly number[], baked: number, batch: number): readonly number[] {
  const nodes = [int64("shape", target), node("Reshape", ["x", "shape"], "y")];
  const network = importModel(modelBytes({ nodes, inputShape: [baked, 2, 3] })).eval();
  return noGrad(() => network.forward(tensor(new Float32Array(batch * 6), [batch, 2, 3]))).shape;
}

describe("Reshape in a file of one batch size", () => {
  it.each<[target: number[], baked: number, batch: number, shape: number[]]>([
    [[1, -1], 1, 4, [4, 6]],
    [[1, 6], 1, 4, [4, 6]],
    [[1, -1, 3], 1, 4, [4, 2, 3]],
    [[1, 3, -1, 1], 1, 3, [3, 3, 2, 1]],
    [[2, -1], 2, 5, [5, 6]],
    [[-1, 6], 1, 4, [4, 6]],
  ])("keeps samples apart: %j of %i for %i", (target, baked, batch, shape) => {
    expect(shapeOf(target, baked, batch)).toEqual(shape);
  });

  it("does what the file says for its own", () => {
    expect(shapeOf([1, -1], 1, 1)).toEqual([1, 6]);
    expect(shapeOf([1, -1], 2, 2)).toEqual([1, 12]);
    expect(shapeOf([2, -1, 1], 2, 2)).toEqual([2, 6, 1]);
  });
});

describe("Concat in a file of one sample", () => {
  const token = { name: "token", dataType: 1, dims: [1, 1, 3], floatData: [7, 8, 9] };
  const nodes = [node("Concat", ["token", "x"], "y", int("axis", 1))];
  const network = importModel(modelBytes({ nodes, initializers: [token], inputShape: [1, 1, 3] })).eval();

  it("gives each sample the token that the file holds", () => {
    const y = noGrad(() => network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 1, 3])));
    expect(y.shape).toEqual([2, 2, 3]);
    expect(Array.from(y.toArray())).toEqual([7, 8, 9, 1, 2, 3, 7, 8, 9, 4, 5, 6]);
    expect(noGrad(() => network.forward(tensor([1, 2, 3], [1, 1, 3]))).shape).toEqual([1, 2, 3]);
  });

  it("trains the token by all samples", () => {
    sum(network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 1, 3]))).backward();
    expect([...network.parameters()].map(({ grad }) => grad?.toNested())).toEqual([[[[2, 2, 2]]]]);
  });
});
