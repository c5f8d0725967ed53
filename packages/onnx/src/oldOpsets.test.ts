import { noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { UnsupportedOperatorError } from "./errors.ts";
import { importModel } from "./module.ts";

const vector = [{ name: "v", dataType: 1, dims: [2], floatData: [10, 20] }];
const x: Tensor = tensor([1, -2, 3, -4, 5, -6, 7, -8], [1, 2, 2, 2]);

/** What a node of x and the vector v makes. */
function run(opType: string, opset: number, attribute: readonly object[] = []): ArrayLike<number> {
  const nodes = [{ opType, input: ["x", "v"], output: ["y"], attribute }];
  const network = importModel(modelBytes({ opset, nodes, initializers: vector, inputShape: [1, 2, 2, 2] })).eval();
  return noGrad(() => network.forward(x)).toArray();
}

describe("operator set 6", () => {
  const broadcast = { name: "broadcast", type: 2, i: 1 };

  it("aligns the second operand at an axis", () => {
    const added = run("Add", 6, [broadcast, { name: "axis", type: 2, i: 1 }]);
    expect(Array.from(added)).toEqual([11, 8, 13, 6, 25, 14, 27, 12]);
  });

  it("aligns it at the end where no axis is given", () => {
    expect(Array.from(run("Sub", 6, [broadcast]))).toEqual([-9, -22, -7, -24, -5, -26, -3, -28]);
  });

  it("takes the slopes of PRelu by channel, and from 7 on by the usual broadcasting", () => {
    expect(Array.from(run("PRelu", 6))).toEqual([1, -20, 3, -40, 5, -120, 7, -160]);
    expect(Array.from(run("PRelu", 7))).toEqual([1, -40, 3, -80, 5, -120, 7, -160]);
  });
});

it("reads what is older where the definition is the same, and refuses the rest by name", () => {
  const squared = importModel(
    modelBytes({ opset: 1, nodes: [{ opType: "MatMul", input: ["x", "x"], output: ["y"] }], inputShape: [2, 2] }),
  );
  expect(Array.from(squared.forward(tensor([1, 1, 0, 1], [2, 2])).toArray())).toEqual([1, 2, 0, 1]);
  expect(() => run("Add", 1)).toThrow(UnsupportedOperatorError);
  expect(() => run("Add", 1)).toThrow(/operator set 1 is older than those that are read, from 6 on/);
});
