import { describe, expect, it } from "vitest";
import { type ModelSpec, modelBytes } from "../test/fixtures.ts";
import { node } from "../test/graphs.ts";
import { NodeError } from "./errors.ts";
import { inputSpecs, openSizes } from "./feed.ts";
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
  inputSpecs(declaring(shapes), { ...openSizes[0], batch }).map(({ shape }) => shape);

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

describe("sizes that are open though the network fixes them", () => {
  const weight = (dims: readonly number[]): object => ({
    name: "w",
    dataType: 1,
    dims,
    floatData: Array(dims.reduce((a, b) => a * b)).fill(0.1),
  });
  const importing = (inputs: NonNullable<ModelSpec["inputs"]>) => ({
    with: (dims: readonly number[], ...nodes: object[]) =>
      importModel(modelBytes({ inputs, nodes, initializers: [weight(dims)] })),
  });
  const open = importing([{ name: "x", shape: ["batch", "channels", "height", "width"] }]);

  it.each([
    [3, [1, 3, 224, 224]],
    [1, [1, 1, 224, 224]],
  ])("are found for images of %i channels", (channels, shape) => {
    const network = open.with([2, channels, 1, 1], node("Conv", ["x", "w"], "y"));
    expect(network.inputSpecs()[0]?.shape).toEqual(shape);
    expect(network.inputSpecs(5)[0]?.shape).toEqual([5, ...shape.slice(1)]);
  });

  it("are found for the positions of an embedding", () => {
    const network = open.with([1, 3, 64, 64], node("Add", ["x", "w"], "y"));
    expect(network.inputSpecs()[0]?.shape).toEqual([1, 3, 64, 64]);
  });

  it("are found for sound that is longer than a kernel", () => {
    const network = importing([{ name: "x", shape: ["batch", 1, "samples"] }]).with(
      [2, 1, 10],
      node("Conv", ["x", "w"], "y"),
    );
    expect(network.inputSpecs()[0]?.shape).toEqual([1, 1, 16_000]);
  });

  it("are more than one where two rows are read", () => {
    const row = { name: "row", dataType: 7, dims: [], int64Data: [1] };
    const inputs = [
      { name: "x", shape: ["N", 3] },
      { name: "edges", shape: ["rows", "E"], elemType: 7 },
    ];
    const nodes = [node("Gather", ["edges", "row"], "at"), node("Gather", ["x", "at"], "y")];
    const network = importModel(modelBytes({ inputs, nodes, initializers: [row] }));
    expect(network.inputSpecs()[1]?.shape).toEqual([8, 8]);
  });

  it("are none where nothing fits, and the message is that of the usual ones", () => {
    const build = (): unknown => open.with([2, 5, 1, 1], node("Conv", ["x", "w"], "y"));
    expect(build).toThrow(NodeError);
    expect(build).toThrow(/224/);
  });
});
