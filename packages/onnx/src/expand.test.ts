import { noGrad, sum, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { type ModelSpec, modelBytes } from "../test/fixtures.ts";
import { type FunctionSpec, graph, int, int64, ints, node, own, withFunctions } from "../test/graphs.ts";
import { InvalidModelError, UnsupportedModelError } from "./errors.ts";
import { exportModel } from "./export.ts";
import { readModel } from "./model.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { planOf } from "./plan.ts";

const weight = { name: "w", dataType: 1, dims: [3], floatData: [10, 20, 30] };
const floats = (name: string, f: number): object => ({ name, type: 1, f });
const reference = (name: string, refAttrName: string, type: number): object => ({ name, refAttrName, type });

/** A call of a function. */
function call(name: string, input: readonly string[], output: string | readonly string[], ...rest: object[]): object {
  return { ...node(name, input, output, ...rest), domain: own, name: `call_${[output].flat()[0]}` };
}

function bytesOf(spec: ModelSpec, ...functions: readonly FunctionSpec[]): Uint8Array {
  const opsetImport = [
    { domain: "", version: 17 },
    { domain: own, version: 1 },
  ];
  return withFunctions(modelBytes({ opsetImport, initializers: [weight], inputShape: [2, 3], ...spec }), functions);
}

function open(nodes: readonly object[], ...functions: readonly FunctionSpec[]): OnnxModule {
  return importModel(bytesOf({ nodes }, ...functions)).eval();
}

/** The output for x = [[1, -2, 3], [-4, 5, -6]]. */
function outputOf(network: OnnxModule): number[] {
  return Array.from(noGrad(() => network.forward(tensor([1, -2, 3, -4, 5, -6], [2, 3]))).toArray());
}

const scale: FunctionSpec = {
  name: "Scale",
  inputs: ["v", "factor"],
  outputs: ["scaled"],
  nodes: [
    node("Mul", ["v", "factor"], "product"),
    node("LeakyRelu", ["product"], "scaled", reference("alpha", "slope", 1)),
  ],
  defaults: [floats("slope", 0.5)],
};

describe("functions of the file", () => {
  it("are expanded, with the attributes of the call or their defaults", () => {
    expect(outputOf(open([call("Scale", ["x", "w"], "y")], scale))).toEqual([10, -20, 90, -20, 100, -90]);
    const given = open([call("Scale", ["x", "w"], "y", floats("slope", 0.25))], scale);
    expect(outputOf(given)).toEqual([10, -10, 90, -10, 100, -45]);
  });

  it("train the parameters that they are given", () => {
    const network = open([call("Scale", ["x", "w"], "y")], scale);
    expect([...network.namedParameters().keys()]).toEqual(["w"]);
    sum(network.forward(tensor([1, -2, 3, -4, 5, -6], [2, 3]))).backward();
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([-1, 4, 0]);
  });

  it("keep their names apart from those of the graph and of other calls", () => {
    const nodes = [
      node("Neg", ["x"], "call_y/product"),
      call("Scale", ["call_y/product", "w"], "a"),
      { ...call("Scale", ["a", "w"], "y"), name: "call_a" },
    ];
    const network = open(nodes, scale);
    expect(outputOf(network)).toEqual([-25, 800, -675, 400, -500, 5400]);
    const names = planOf(network.model).nodes.flatMap(({ outputs }) => outputs);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("call_a/product");
  });

  it("call each other, have several outputs, and hand inputs on", () => {
    const both: FunctionSpec = {
      name: "Both",
      inputs: ["v"],
      outputs: ["negated", "v", "negated"],
      nodes: [call("Flip", ["v"], "negated")],
    };
    const flip: FunctionSpec = { name: "Flip", inputs: ["v"], outputs: ["r"], nodes: [node("Neg", ["v"], "r")] };
    const nodes = [
      call("Both", ["x"], ["n", "same", "again"], int("unread", 1)),
      node("Sum", ["n", "n", "again", "same"], "y"),
    ];
    expect(outputOf(open(nodes, both, flip))).toEqual([-2, 4, -6, 8, -10, 12]);
  });

  it("know which inputs a call leaves out", () => {
    const limit: FunctionSpec = {
      name: "Limit",
      inputs: ["v", "low", "high"],
      outputs: ["r"],
      nodes: [node("Clip", ["v", "low", "high"], "r")],
    };
    const one = [{ name: "one", dataType: 1, dims: [], floatData: [1] }];
    const network = importModel(bytesOf({ nodes: [call("Limit", ["x", "", "one"], "y")], initializers: one }, limit));
    expect(outputOf(network)).toEqual([1, -2, 1, -4, 1, -6]);
  });

  it("follow their own operator set", () => {
    // From version 13 on the axes are an input.
    const squeeze: FunctionSpec = {
      name: "Old",
      inputs: ["v"],
      outputs: ["r"],
      opset: 11,
      nodes: [
        node("Unsqueeze", ["v"], "u", ints("axes", [0])),
        node("Softmax", ["u"], "s", int("axis", 1)),
        node("Squeeze", ["s"], "r", ints("axes", [0])),
      ],
    };
    const network = open([call("Old", ["x"], "y")], squeeze);
    // Below version 13, Softmax is over all axes from the given one on.
    expect(outputOf(network).reduce((total, p) => total + p, 0)).toBeCloseTo(1, 5);
  });

  it("see graphs in them, and are seen in graphs", () => {
    const then = (inner: object): object => graph("then_branch", { nodes: [inner], outputs: ["out"] });
    const otherwise = graph("else_branch", { nodes: [node("Neg", ["v"], "out")], outputs: ["out"] });
    const choose: FunctionSpec = {
      name: "Choose",
      inputs: ["v", "yes"],
      outputs: ["r"],
      nodes: [node("If", ["yes"], "r", then(call("Scale", ["v", "v"], "out")), otherwise)],
    };
    const yes = node("Constant", [], "yes", { name: "value", type: 4, t: { dataType: 9, dims: [], int32Data: [1] } });
    const network = open([yes, call("Choose", ["x", "yes"], "y")], choose, scale);
    expect(outputOf(network)).toEqual([1, 4, 9, 16, 25, 36]);
    const loop = graph("body", {
      inputs: ["i", "go", "h"],
      nodes: [call("Scale", ["h", "w"], "next")],
      outputs: ["go", "next"],
    });
    const twice = open([int64("n", 2), node("Loop", ["n", "", "x"], "y", loop)], scale);
    expect(outputOf(twice)).toEqual([100, -200, 2700, -100, 2000, -1350]);
  });

  it("may not call themselves, and not make more nodes than there is room for", () => {
    const self: FunctionSpec = { name: "Self", inputs: ["v"], outputs: ["r"], nodes: [call("Self", ["v"], "r")] };
    expect(() => open([call("Self", ["x"], "y")], self)).toThrow(InvalidModelError);
    expect(() => open([call("Self", ["x"], "y")], self)).toThrow(/own.Self: it calls itself/);
    const doubling = Array.from({ length: 30 }, (_, i): FunctionSpec => {
      const inner = (from: string, to: string): object =>
        i === 0 ? node("Neg", [from], to) : call(`D${i - 1}`, [from], to);
      return { name: `D${i}`, inputs: ["v"], outputs: ["r"], nodes: [inner("v", "m"), inner("m", "r")] };
    });
    expect(() => open([call("D29", ["x"], "y")], ...doubling)).toThrow(/more than 100000 nodes/);
  });

  it("are no place to cut the network at", () => {
    const network = open([call("Scale", ["x", "w"], "y")], scale);
    expect(network.shapes.get("call_y/product")).toEqual([2, 3]);
    expect(() => network.cut("call_y/product")).toThrow(/inside of a function/);
  });

  it("stay in the file as they are when another head is put behind a call, and go with the head that calls them", async () => {
    const linear: FunctionSpec = {
      name: "Linear",
      inputs: ["v", "m"],
      outputs: ["r"],
      nodes: [node("Gemm", ["v", "m"], "r")],
    };
    const matrix = { name: "m", dataType: 1, dims: [3, 2], floatData: [1, 2, 3, 4, 5, 6] };
    const nodes = [call("Scale", ["x", "w"], "features"), call("Linear", ["features", "m"], "y")];
    const bytes = bytesOf({ nodes, initializers: [weight, matrix] }, scale, linear);
    const network = importModel(bytes);
    expect(network.cutPoint.tensor).toBe("features");
    network.replaceHead(4);
    const { bytes: grafted } = await exportModel(network);
    const model = readModel(grafted);
    expect(model.graph.nodes.map(({ opType }) => opType)).toEqual(["Scale", "Gemm"]);
    expect([...model.functions.keys()]).toEqual([`${own}.Scale`, `${own}.Linear`]);
    expect(Buffer.from(grafted).includes(Buffer.from("scaled"))).toBe(true);
  });
});

describe("nested graphs", () => {
  const nested = (depth: number): object => {
    let inner = node("Neg", ["x"], "y0");
    for (let i = 1; i <= depth; i++)
      inner = node("If", ["yes"], `y${i}`, graph("then_branch", { nodes: [inner], outputs: [`y${i - 1}`] }));
    return inner;
  };
  const yes = node("Constant", [], "yes", { name: "value", type: 4, t: { dataType: 9, dims: [], int32Data: [1] } });

  it("are read with all that is in them, and the index of the node around them", () => {
    const { graph: read } = readModel(modelBytes({ nodes: [yes, nested(2)] }));
    const branch = read.nodes[1]?.attributes.get("then_branch")?.value;
    expect(branch).toMatchObject({ nodes: [{ opType: "If", index: 1 }], outputs: [{ name: "y1" }] });
  });

  it("keep their names to themselves when a head is put behind them", async () => {
    const branch = (name: string, ...values: string[]): object =>
      graph(name, {
        nodes: values.map((value, i) => node("Neg", [values[i - 1] ?? "x"], value)),
        outputs: values.slice(-1),
      });
    const choice = node("If", ["yes"], "y", branch("then_branch", "features/pooled", "a"), branch("else_branch", "b"));
    const network = importModel(modelBytes({ nodes: [yes, choice], inputShape: [2, 3, 4, 4] }));
    network.replaceHead(2);
    const { bytes } = await exportModel(network);
    const names = readModel(bytes).graph.nodes.flatMap(({ outputs }) => outputs);
    expect(names).toContain("features/pooled2");
    expect(names).not.toContain("features/pooled");
  });

  it("may not be nested absurdly deep, and read only what is there", () => {
    expect(() => readModel(modelBytes({ nodes: [yes, nested(60)] }))).not.toThrow();
    expect(() => readModel(modelBytes({ nodes: [yes, nested(70)] }))).toThrow(UnsupportedModelError);
    const reads = graph("then_branch", { nodes: [node("Neg", ["nowhere"], "out")], outputs: ["out"] });
    expect(() => readModel(modelBytes({ nodes: [yes, node("If", ["yes"], "y", reads)] }))).toThrow(
      /"nowhere" is not made before it/,
    );
  });
});
