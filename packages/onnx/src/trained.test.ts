import { describe, expect, it } from "vitest";
import { fixture, fixtureNames, modelBytes } from "../test/fixtures.ts";
import { exportModel } from "./export.ts";
import { readModel } from "./model.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { proto } from "./proto.ts";
import { type Edits, type InitializerSpec, splice } from "./splice.ts";
import { type DataFile, dataFileOf, withFile } from "./trained.ts";

/** What a file says, a line for each node, tensor and entry. */
function dump(bytes: Uint8Array): string[] {
  const { graph, ...model } = proto.ModelProto.decode(bytes).toJSON() as Record<string, unknown>;
  const lists = Object.entries({ ...model, ...(graph as object) });
  return lists.flatMap(([key, value]) => [value].flat().map((entry) => `${key} ${JSON.stringify(entry)}`));
}

/** Lines of `before` that `after` lacks, and the other way round. */
function difference(before: Uint8Array, after: Uint8Array): { gone: string[]; fresh: string[] } {
  const [a, b] = [dump(before), dump(after)];
  return { gone: a.filter((line) => !b.includes(line)), fresh: b.filter((line) => !a.includes(line)) };
}

const trainable = fixtureNames.filter((name) => name !== "quantised.onnx" && name !== "external.onnx");

/** Moves a parameter by a little. */
function move(network: OnnxModule, name: string): void {
  const parameter = network.getParameter(name);
  parameter.assign(parameter.toArray().map((x) => x + 0.125));
}

describe("what a text dump shows", () => {
  it.each(trainable)("of %s with a new head: the head and the metadata", async (name) => {
    const network = importModel(fixture(name)).eval();
    if (name === "half.onnx") network.cut("add_3_out");
    const old = [...network.headParameters().keys()];
    network.replaceHead(3);
    const { bytes, removed } = await exportModel(network, { metadata: { "graft.labels": "[]" } });
    const { gone, fresh } = difference(fixture(name), bytes);
    const [output = ""] = network.model.graph.outputs.map((info) => info.name);
    for (const line of fresh) expect(line).toMatch(new RegExp(`"head[./]|"features/|graft.labels|"name":"${output}"`));
    expect(gone.filter((line) => line.startsWith("initializer")).length).toBe(removed.length);
    expect(removed).toEqual(expect.arrayContaining(old));
    for (const line of gone) expect(line).toMatch(/^(node|initializer|output|input|valueInfo) /);
    expect(fresh.some((line) => line.startsWith("metadataProps"))).toBe(true);
  });

  it.each(trainable)("of %s fine-tuned: the trained initializers", async (name) => {
    const network = importModel(fixture(name)).eval();
    const trained = [...network.namedParameters().keys()].slice(-2);
    for (const parameter of trained) move(network, parameter);
    const { bytes, changed } = await exportModel(network);
    const { gone, fresh } = difference(fixture(name), bytes);
    expect([...changed].sort()).toEqual([...trained].sort());
    expect([gone.length, fresh.length]).toEqual([trained.length, trained.length]);
    for (const line of [...gone, ...fresh]) expect(line).toMatch(/^initializer /);
  });
});

it("takes doubles for unchanged that were trained as float32 and stayed", async () => {
  const double = (name: string, doubleData: number[]) => ({ name, dataType: 11, dims: [3], doubleData });
  const initializers = [double("a", [0.1, 0.2, 0.3]), double("b", [0.1, 0.2, 0.4])];
  const nodes = [
    { opType: "Add", input: ["x", "a"], output: ["y"] },
    { opType: "Mul", input: ["y", "b"], output: ["z"] },
  ];
  const bytes = modelBytes({ nodes, initializers, inputs: [{ name: "x", shape: [2, 3], elemType: 11 }] });
  const network = importModel(bytes).eval();
  expect((await exportModel(network)).bytes).toEqual(new Uint8Array(bytes));
  network.getParameter("b").assign([1, 2, 4]);
  const { model } = importModel((await exportModel(network)).bytes);
  expect(model.graph.initializers.get("a")?.data()).toEqual(Float64Array.of(0.1, 0.2, 0.3));
  expect(model.graph.initializers.get("b")?.data()).toEqual(Float64Array.of(1, 2, 4));
});

describe("a data file", () => {
  it("takes what changed, aligned, and is read back", async () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    move(network, "fc.bias");
    move(network, "fc.weight");
    const { bytes, data, maxAbsError } = await exportModel(network, { dataFile: "tuned.bin" });
    expect(maxAbsError).toBe(0);
    expect(data?.location).toBe("tuned.bin");
    const { graph } = importModel(embedded(bytes, data)).model;
    expect(graph.initializers.get("fc.bias")?.external).toBeUndefined();
    for (const name of ["fc.bias", "fc.weight"])
      expect(graph.initializers.get(name)?.data()).toEqual(network.getParameter(name).toArray());
    expect(difference(fixture("resnet.onnx"), bytes).fresh).toHaveLength(2);
    const external = proto.ModelProto.decode(bytes).graph?.initializer?.filter((tensor) => tensor.dataLocation === 1);
    const places = external?.map((tensor) =>
      Object.fromEntries((tensor.externalData ?? []).map((e) => [e.key, e.value])),
    );
    expect(places?.map(({ location, offset }) => [location, Number(offset) % 4096])).toEqual([
      ["tuned.bin", 0],
      ["tuned.bin", 0],
    ]);
  });

  it("may not be one that the model has", async () => {
    const externalData = [{ key: "location", value: "weights.bin" }];
    const initializers = [
      { name: "w", dataType: 1, dims: [3], dataLocation: 1, externalData },
      { name: "b", dataType: 1, dims: [3], floatData: [1, 2, 4] },
    ];
    const nodes = [
      { opType: "Add", input: ["x", "b"], output: ["y"] },
      { opType: "Add", input: ["y", "w"], output: ["z"] },
    ];
    const model = readModel(modelBytes({ nodes, initializers }), {
      externalData: (_, offset, length) => new Uint8Array(12).subarray(offset, offset + length),
    });
    const network = importModel(model).eval();
    move(network, "b");
    await expect(exportModel(network, { dataFile: "weights.bin" })).rejects.toThrow(/keeps weights in "weights.bin"/);
    // What did not change stays in the old file, and what did may lie in the model.
    move(network, "w");
    const { bytes } = await exportModel(network);
    expect(importModel(bytes).getParameter("w").toArray()).toEqual(Float32Array.of(0.125, 0.125, 0.125));
  });
});

describe("a data file that nobody asked for", () => {
  const elements = Float32Array.of(3, 5, 7);
  const network = importModel(
    readModel(
      modelBytes({
        nodes: [
          { opType: "Add", input: ["x", "inside"], output: ["y"] },
          { opType: "Add", input: ["y", "outside"], output: ["z"] },
        ],
        initializers: [
          { name: "inside", dataType: 1, dims: [3], floatData: [1, 2, 4] },
          {
            name: "outside",
            dataType: 1,
            dims: [3],
            dataLocation: 1,
            externalData: [{ key: "location", value: "weights.bin" }],
          },
        ],
      }),
      { externalData: (_, offset, length) => new Uint8Array(12).subarray(offset, offset + length) },
    ),
  );
  const size = network.model.bytes.length;
  const made = (edits: Edits, largest: number) => dataFileOf(network, edits, undefined, largest)?.file.location;
  const replacing = (...names: string[]): Edits => ({
    replaceInitializers: new Map(names.map((name) => [name, elements])),
  });

  it("is made where elements from outside would make the model too large", () => {
    expect(made(replacing("outside"), size + 12 + 1)).toBeUndefined();
    expect(made(replacing("outside"), size + 12)).toBe("trained.onnx.data");
    // By default the limit is that of the format.
    expect(dataFileOf(network, replacing("outside"), undefined)).toBeUndefined();
  });

  it("is not made for elements that lie in the model already", () => {
    expect(made(replacing("inside"), size + 1)).toBeUndefined();
    expect(made(replacing("inside", "outside"), size + 12)).toBe("trained.onnx.data");
  });

  it("is made for what a new head adds, as far as there is something to move", () => {
    const addInitializers: InitializerSpec[] = [{ name: "head", dims: [5], dtype: "float16", data: [1, 2, 3, 4, 5] }];
    expect(made({ ...replacing("inside"), addInitializers }, size + 11)).toBeUndefined();
    expect(made({ ...replacing("inside"), addInitializers }, size + 10)).toBe("trained.onnx.data");
    expect(made({ addInitializers }, size + 10)).toBeUndefined();
  });

  it("gives the file that is read back with it what was trained", () => {
    const { file, places } = dataFileOf(network, replacing("inside", "outside"), undefined, size) ?? {};
    const bytes = splice(network.model, { replaceInitializers: places ?? new Map() });
    expect(bytes.length).toBeLessThan(size + 400);
    const { graph } = readModel(bytes, { externalData: withFile(file as DataFile, undefined) });
    for (const name of ["inside", "outside"]) expect(graph.initializers.get(name)?.data()).toEqual(elements);
  });
});

/** The same model with its external data in the file itself. */
function embedded(bytes: Uint8Array, data: { readonly bytes: Uint8Array } | undefined): Uint8Array {
  const model = readModel(bytes, {
    externalData: (_, offset, length) => data?.bytes.subarray(offset, offset + length) ?? new Uint8Array(0),
  });
  const outside = [...model.graph.initializers.values()].filter(({ external }) => external);
  return splice(model, { replaceInitializers: new Map(outside.map((tensor) => [tensor.name, tensor.data()])) });
}
