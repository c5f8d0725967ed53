import { sum, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { type ModelSpec, modelBytes, sines } from "../test/fixtures.ts";
import { exportModel } from "./export.ts";
import { importModel, type OnnxModule } from "./module.ts";

const floats = (name: string, dims: readonly number[], floatData: readonly number[]) => ({
  name,
  dataType: 1,
  dims: [...dims],
  floatData: [...floatData],
});

const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
  opType,
  input,
  output: [output],
  attribute,
});

const load = (spec: ModelSpec): OnnxModule => importModel(modelBytes(spec)).train();

/** The role and reason of the initializer "w" of a graph. */
function roleOf(nodes: object[], w: object, spec: Partial<ModelSpec> = {}): string {
  const weight = load({ ...spec, nodes, initializers: [w, ...(spec.initializers ?? [])] }).weights.get("w");
  return `${weight?.role}: ${weight?.reason}`;
}

describe("roles", () => {
  const add = [node("Add", ["x", "w"], "y")];
  it.each([
    ["parameter: float data of Add", [0.5, -1, 2]],
    ["mask: it has infinite or huge elements", [0, Number.NEGATIVE_INFINITY, 0]],
    ["mask: it has infinite or huge elements", [0, -3.4e38, 0]],
    ["constant: it counts 0, 1, 2, …", [0, 1, 2]],
    ["parameter: float data of Add", [0, 0, 0]],
    ["parameter: float data of Add", [0, -100, 0]],
  ])("%s", (expected, data) => expect(roleOf(add, floats("w", [3], data))).toBe(expected));

  it.each([
    ["mask: its elements are 0 and 1 alone", [0, 1, 0, 1, 1, 1]],
    ["mask: its elements are 0 and -100 alone", [0, -100, 0, 0, 0, -100]],
    ["parameter: float data of Mul", [1, 1, 1, 1, 1, 1]],
    ["parameter: float data of Mul", [0, -1, 0, 0, 0, -1]],
    ["parameter: float data of Mul", [0, 1, 0.5, 0, 0, 1]],
  ])("%s", (expected, data) =>
    expect(roleOf([node("Mul", ["x", "w"], "y")], floats("w", [2, 3], data))).toBe(expected),
  );

  it("takes the largest number of float16 for a mask's", () => {
    const half = { name: "w", dataType: 10, dims: [3], int32Data: [0, 0xfbff, 0] };
    expect(
      roleOf([node("Cast", ["w"], "v", [{ name: "to", type: 2, i: 1 }]), node("Add", ["x", "v"], "y")], half),
    ).toMatch(/^mask/);
  });

  it.each([
    ["/gn/Constant_1_output_0", [1, 1, 1], "constant"],
    ["/gn/Constant_1_output_0", [1, 1, 2], "parameter"],
    ["inn.weight", [1, 1, 1], "parameter"],
  ])("takes the ones %s = %j of an InstanceNormalization for a %s", (name, ones, role) => {
    const nodes = [node("InstanceNormalization", ["x", name, "b"], "y")];
    const initializers = [floats(name, [3], ones), floats("b", [3], [1, 2, 3])];
    expect(load({ nodes, initializers, inputShape: [1, 3, 2, 2] }).weights.get(name)?.role).toBe(role);
  });

  it("takes one number for a constant, unless it is the bias of a layer of one feature", () => {
    expect(roleOf(add, floats("w", [1], [3]))).toBe("constant: a single number in Add");
    const layer = [node("MatMul", ["x", "m"], "h"), node("Add", ["h", "w"], "y")];
    expect(roleOf(layer, floats("w", [1], [3]), { initializers: [floats("m", [3, 1], [1, 2, 3])] })).toBe(
      "parameter: float data of Add",
    );
  });

  it("takes one number for a parameter where it has the name of a module's member", () => {
    const learned = (name: string) => [node("Mul", ["x", name], "y"), floats(name, [], [3])] as const;
    for (const [name, role] of [
      ["encoder.scale", "parameter"],
      ["scale", "constant"],
      ["onnx::Mul_7", "constant"],
      ["/encoder.1/Constant_output_0", "constant"],
    ] as const) {
      const [multiply, scale] = learned(name);
      expect(load({ nodes: [multiply], initializers: [scale] }).weights.get(name)?.role).toBe(role);
    }
  });

  it("follows what must be known beforehand back to what is stored", () => {
    const scaled = [node("Mul", ["w", "two"], "bounds"), node("Clip", ["x", "bounds"], "y")];
    expect(roleOf(scaled, floats("w", [], [-1]), { initializers: [floats("two", [], [2])] })).toMatch(
      /^constant: must be/,
    );
    const like = [
      node("CastLike", ["low", "w"], "bound"),
      node("Clip", ["x", "bound"], "c"),
      node("Add", ["c", "w"], "y"),
    ];
    const low = floats("low", [], [0]);
    expect(roleOf(like, floats("w", [3], [1, 2, 4]), { opset: 18, initializers: [low] })).toBe(
      "parameter: float data of Add",
    );
  });

  it("does not train what is only compared, nor the normalisation of an image", () => {
    expect(roleOf([node("Greater", ["x", "w"], "y")], floats("w", [3], [1, 2, 4]))).toBe(
      "constant: Greater passes no gradient on",
    );
    const [scale, shape] = [floats("w", [1, 3, 1, 1], [1, 2, 4]), { inputShape: [1, 3, 4, 4] }];
    expect(roleOf([node("Div", ["x", "w"], "y")], scale, shape)).toBe("constant: normalises the model's input");
    expect(roleOf([node("Relu", ["x"], "r"), node("Div", ["r", "w"], "y")], scale, shape)).toBe(
      "parameter: float data of Div",
    );
  });
});

describe("descriptions", () => {
  const matrix = (name: string) => floats(name, [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 10]);
  it("tell layers and made up names", () => {
    const nodes = [
      node("MatMul", ["x", "onnx::MatMul_7"], "a"),
      node("Add", ["a", "bias"], "b"),
      node("Transpose", ["weight"], "t", [{ name: "perm", type: 7, ints: [1, 0] }]),
      node("MatMul", ["b", "t"], "c"),
      node("Gemm", ["c", "val_3", "bias"], "y", [{ name: "transB", type: 2, i: 1 }]),
    ];
    const initializers = [matrix("onnx::MatMul_7"), matrix("weight"), matrix("val_3"), floats("bias", [3], [1, 2, 4])];
    const { weights } = load({ nodes, initializers });
    expect([...weights.values()].map(({ name, kind, madeUpName }) => [name, kind, madeUpName])).toEqual([
      ["onnx::MatMul_7", "linear weight, stored [in, out]: a transposed copy", true],
      ["weight", "linear weight, stored [out, in]", false],
      ["val_3", "linear weight, stored [out, in]", true],
      ["bias", "bias", false],
    ]);
    expect(weights.get("bias")?.readers).toHaveLength(2);
    expect(weights.get("bias")?.reason).toMatch(/2 nodes whose gradients are summed/);
  });
});

describe("constants in nodes", () => {
  const nodes = (attribute: object) => [
    { opType: "Constant", name: "kept", docString: "kept", output: ["w"], attribute: [attribute] },
    node("Mul", ["x", "w"], "y"),
  ];
  it.each([
    ["a tensor", { name: "value", type: 4, t: { dataType: 1, dims: [3], floatData: [1, 2, 4], docString: "kept" } }],
    ["a list", { name: "value_floats", type: 6, floats: [1, 2, 4] }],
  ])("are parameters, and are written where they were: %s", async (_, attribute) => {
    const bytes = modelBytes({ nodes: nodes(attribute) });
    const network = importModel(bytes).train();
    const weight = network.getParameter("w");
    sum(network.forward(tensor([1, 1, 1, 2, 2, 2], [2, 3]))).backward();
    expect(weight.grad?.toArray()).toEqual(Float32Array.of(3, 3, 3));
    expect((await exportModel(network)).bytes).toEqual(new Uint8Array(bytes));
    weight.assign([5, 6, 7]);
    const written = await exportModel(network);
    expect(written).toMatchObject({ changed: ["w"], added: [], removed: [], maxAbsError: 0 });
    const again = importModel(written.bytes);
    expect(again.getParameter("w").toArray()).toEqual(Float32Array.of(5, 6, 7));
    expect(again.model.graph.nodes[0]?.name).toBe("kept");
    expect(new TextDecoder("latin1").decode(written.bytes).split("kept")).toHaveLength(
      new TextDecoder("latin1").decode(bytes).split("kept").length,
    );
  });

  it("go with the head that they belong to", async () => {
    const head = [
      {
        opType: "Constant",
        output: ["w"],
        attribute: [{ name: "value", type: 4, t: floats("", [3, 2], [1, 2, 3, 4, 5, 6]) }],
      },
      node("Relu", ["x"], "r"),
      node("MatMul", ["r", "w"], "y"),
    ];
    const network = load({ nodes: head }).eval();
    network.replaceHead(4);
    expect([...network.namedParameters().keys()]).toEqual(["head.weight", "head.bias"]);
    const { graph } = importModel((await exportModel(network)).bytes).model;
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(["Relu", "Gemm"]);
  });
});

describe("tensors that Identity hands on", () => {
  const nodes = [
    node("Identity", ["a"], "b"),
    node("Add", ["x", "a"], "h"),
    node("Relu", ["h"], "r"),
    node("Add", ["r", "b"], "y"),
  ];
  it("are parameters of their own where all elements are one number", async () => {
    const bytes = modelBytes({ nodes, initializers: [floats("a", [3], [0, 0, 0])] });
    const network = importModel(bytes).train();
    expect([...network.namedParameters().keys()]).toEqual(["a", "b"]);
    expect(network.weights.get("b")).toMatchObject({ source: { type: "copy", of: "a" }, kind: "added table" });
    expect((await exportModel(network)).bytes).toEqual(new Uint8Array(bytes));
    network.getParameter("b").assign([1, 2, 4]);
    const written = await exportModel(network);
    expect(written).toMatchObject({ changed: ["b"], maxAbsError: 0 });
    const { graph } = importModel(written.bytes).model;
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(["Add", "Relu", "Add"]);
    expect(graph.initializers.get("a")?.data()).toEqual(Float32Array.of(0, 0, 0));
    expect(graph.initializers.get("b")?.data()).toEqual(Float32Array.of(1, 2, 4));
  });

  it("keep what they were where the tensor that they came from has changed", async () => {
    const network = load({ nodes, initializers: [floats("a", [3], [0, 0, 0])] });
    network.freeze("b").getParameter("a").assign([1, 2, 4]);
    const { graph } = importModel((await exportModel(network)).bytes).model;
    expect(graph.initializers.get("a")?.data()).toEqual(Float32Array.of(1, 2, 4));
    expect(graph.initializers.get("b")?.data()).toEqual(Float32Array.of(0, 0, 0));
  });

  it("stay one parameter otherwise, whose gradients are summed", async () => {
    const network = load({ nodes, initializers: [floats("a", [3], [1, 2, 4])] });
    expect([...network.namedParameters().keys()]).toEqual(["a"]);
    expect(network.weights.get("a")?.tiedTo).toEqual(["b"]);
    sum(network.forward(tensor([1, 1, 1, 1, 1, 1], [2, 3]))).backward();
    expect(network.getParameter("a").grad?.toArray()).toEqual(Float32Array.of(4, 4, 4));
    network.getParameter("a").assign([2, 3, 5]);
    expect((await exportModel(network)).maxAbsError).toBe(0);
  });

  it("are each what their reader makes of them: statistics, scales and shifts", () => {
    const names = ["one", "zero", "zero2", "one2"];
    const network = load({
      nodes: [
        node("Identity", ["zero"], "zero2"),
        node("Identity", ["one"], "one2"),
        node("BatchNormalization", ["x", ...names], "y"),
      ],
      initializers: [floats("one", [3], [1, 1, 1]), floats("zero", [3], [0, 0, 0])],
      inputShape: [2, 3],
    });
    expect([...network.namedParameters().keys()]).toEqual(["one", "zero"]);
    expect([...network.namedBuffers().keys()]).toEqual(["one2", "zero2"]);
    network.forward(sines([2, 3]));
    expect(network.getParameter("zero").toArray()).toEqual(new Float32Array(3));
    expect(network.namedBuffers().get("zero2")?.toArray()).not.toEqual(new Float32Array(3));
    network.freeze();
    expect([...network.frozenState().keys()].sort()).toEqual(["one", "one2", "zero", "zero2"]);
  });
});

describe("ties that the names and uses tell", () => {
  it("are none where names differ in numbers alone: layers that began as copies", () => {
    const nodes = [
      node("Identity", ["layers.0.w"], "layers.1.w"),
      node("MatMul", ["x", "layers.0.w"], "h"),
      node("MatMul", ["h", "layers.1.w"], "y"),
    ];
    const w = floats("layers.0.w", [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 10]);
    expect([
      ...load({ nodes, initializers: [w] })
        .namedParameters()
        .keys(),
    ]).toEqual(["layers.0.w", "layers.1.w"]);
  });

  it.each([
    ["transposed", [1, 3, 5, 2, 4, 6], [2, 3], ["e", "w"]],
    ["as it is", [1, 2, 3, 4, 5, 6], [3, 2], ["e", "t"]],
  ] as const)("hold embeddings and the decoder that stores them again, %s", async (how, data, dims, [, read]) => {
    const table = floats("e", [3, 2], [1, 2, 3, 4, 5, 6]);
    const nodes = [
      node("Gather", ["e", "x"], "h"),
      ...(how === "transposed" ? [] : [node("Transpose", ["w"], "t", [{ name: "perm", type: 7, ints: [1, 0] }])]),
      node("MatMul", ["h", read], "y"),
    ];
    const inputs = [{ name: "x", shape: [2, 1], elemType: 6 }];
    const network = load({ nodes, inputs, initializers: [table, floats("w", dims, data)] });
    expect([...network.namedParameters().keys()]).toEqual(["e"]);
    expect(network.weights.get("w")).toMatchObject({
      role: "tied",
      tie: { of: "e", transposed: how === "transposed" },
    });
    expect(network.weights.get("e")?.tiedTo).toEqual(["w"]);
    // y = Σ e[i] · e[x], whose gradient is the sum over the table at x, and e[x] everywhere.
    sum(network.forward(tensor(Int32Array.of(2, 2), [2, 1]))).backward();
    expect(network.getParameter("e").grad?.toNested()).toEqual([
      [10, 12],
      [10, 12],
      [28, 36],
    ]);
    network.getParameter("e").assign([2, 3, 5, 7, 11, 13]);
    const { bytes, changed, maxAbsError } = await exportModel(network);
    expect([changed, maxAbsError]).toEqual([["e", "w"], 0]);
    const again = importModel(bytes);
    expect(again.weights.get("w")?.role).toBe("tied");
    expect(again.getParameter("e").toArray()).toEqual(Float32Array.of(2, 3, 5, 7, 11, 13));
  });
});
