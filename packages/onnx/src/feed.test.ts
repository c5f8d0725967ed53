import { describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { node } from "../test/graphs.ts";
import { inputSpecs } from "./feed.ts";
import { type OnnxModel, readModel } from "./model.ts";
import { importModel } from "./module.ts";

type Inputs = readonly (readonly (number | string)[])[];

/** A model that declares inputs of these shapes. */
function declaring(shapes: Inputs): OnnxModel {
  const model = readModel(modelBytes({ nodes: [node("Relu", ["x"], "y")] }));
  const inputs = shapes.map((shape, i) => ({ name: `x${i}`, dtype: "float32" as const, shape }));
  return { ...model, graph: { ...model.graph, inputs } };
}

const shapesOf = (batch: number, ...shapes: Inputs): (readonly number[])[] =>
  inputSpecs(declaring(shapes), batch).map(({ shape }) => shape);

describe("shapes of several inputs", () => {
  it("take the batch where its symbol stands, and where a first axis is open or of the same size", () => {
    expect(shapesOf(5, ["N", 3], [2, "N", 4], ["M", 6], [1, "L"])).toEqual([
      [5, 3],
      [2, 5, 4],
      [5, 6],
      [1, 8],
    ]);
    expect(shapesOf(5, [1, 3], [1, 4], [2, 4])).toEqual([
      [5, 3],
      [5, 4],
      [2, 4],
    ]);
  });

  it("give one size to a symbol, on images and beside them", () => {
    expect(shapesOf(2, ["N", 1, "L", "L"], ["N", "L"])).toEqual([
      [2, 1, 224, 224],
      [2, 224],
    ]);
  });

  it("let matrices be multiplied that have no batch", () => {
    const inputs = [
      { name: "x", shape: [2, 3] },
      { name: "w", shape: [3, 4] },
    ];
    const network = importModel(modelBytes({ inputs, nodes: [node("MatMul", ["x", "w"], "y")] }));
    expect(network.shapes.get("y")).toEqual([2, 4]);
  });
});
