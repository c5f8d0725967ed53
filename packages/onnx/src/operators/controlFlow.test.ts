import { mul, noGrad, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { bool, graph, int, int64, ints, node } from "../../test/graphs.ts";
import { NodeError, UnsupportedOperatorError } from "../errors.ts";
import { importModel, type OnnxModule } from "../module.ts";

const weight = { name: "w", dataType: 1, dims: [3], floatData: [10, 20, 30] };

function open(nodes: readonly object[], opset = 17, inputShape: readonly number[] = [2, 3]): OnnxModule {
  return importModel(modelBytes({ opset, nodes, initializers: [weight], inputShape, output: "y" })).eval();
}

function outputOf(network: OnnxModule, ...values: readonly number[]): number[] {
  const { shape } = network.inputSpecs()[0] as { shape: readonly number[] };
  return Array.from(noGrad(() => network.forward(tensor([...values], shape))).toArray());
}

const branch = (name: string, ...nodes: object[]): object => graph(name, { nodes, outputs: [`${name}_out`] });
const times = branch("then_branch", node("Mul", ["x", "w"], "then_branch_out"));
const plus = branch("else_branch", node("Add", ["x", "w"], "else_branch_out"));

/** Whether the sum of x is greater than zero: a scalar that depends on data. */
const positive = [
  node("ReduceSum", ["x"], "sum", int("keepdims", 0)),
  node("Sub", ["sum", "sum"], "zero"),
  node("Greater", ["sum", "zero"], "positive"),
];

describe("If", () => {
  it("takes the branch that a known condition names, with the parameters around it", () => {
    const network = open([bool("yes", true), node("If", ["yes"], "y", times, plus)]);
    expect(outputOf(network, 1, 2, 3, 4, 5, 6)).toEqual([10, 40, 90, 40, 100, 180]);
    const no = open([bool("no", false), node("If", ["no"], "y", times, plus)]);
    expect(outputOf(no, 1, 2, 3, 4, 5, 6)).toEqual([11, 22, 33, 14, 25, 36]);
    expect([...network.namedParameters().keys()]).toEqual(["w"]);
    sum(network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 3]))).backward();
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([5, 7, 9]);
  });

  it("selects between both branches by a condition that depends on data, also for the gradient", () => {
    const network = open([...positive, node("If", ["positive"], "y", times, plus)]);
    expect(outputOf(network, 1, 2, 3, 4, 5, 6)).toEqual([10, 40, 90, 40, 100, 180]);
    expect(outputOf(network, -1, -2, -3, -4, -5, -6)).toEqual([9, 18, 27, 6, 15, 24]);
    sum(network.forward(tensor([-1, -2, -3, -4, -5, -6], [2, 3]))).backward();
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([2, 2, 2]);
  });

  it("takes a condition of one element that has an axis", () => {
    const axis = [int64("shape", [1]), node("Reshape", ["positive", "shape"], "one")];
    const smaller = (name: string, opType: string): object =>
      branch(
        name,
        node("ReduceMax", ["x"], `${name}_m`, int("keepdims", 0)),
        node(opType, [`${name}_m`], `${name}_out`),
      );
    const choice = node("If", ["one"], "y", smaller("then_branch", "Neg"), smaller("else_branch", "Abs"));
    const network = open([...positive, ...axis, choice]);
    expect(network.shapes.get("y")).toEqual([]);
    expect(outputOf(network, 1, 2, 3, 4, 5, 6)).toEqual([-6]);
  });

  it("needs branches of one shape for that, and says so", () => {
    const smaller = branch("else_branch", node("ReduceMax", ["x"], "else_branch_out", int("keepdims", 0)));
    const nodes = [...positive, node("If", ["positive"], "y", times, smaller)];
    expect(() => open(nodes)).toThrow(UnsupportedOperatorError);
    expect(() => open(nodes)).toThrow(/branches give float32 \[2, 3\] and float32 \[\]/);
  });

  it("does not mind an operator that is not there in the branch that is not taken", () => {
    const unknown = branch("else_branch", node("NoSuchOperator", ["x"], "else_branch_out"));
    const network = open([bool("yes", true), node("If", ["yes"], "y", times, unknown)]);
    expect(outputOf(network, 1, 1, 1, 1, 1, 1)).toEqual([10, 20, 30, 10, 20, 30]);
    const taken = [bool("no", false), node("If", ["no"], "y", times, unknown)];
    expect(() => open(taken)).toThrow(/NoSuchOperator at node "else_branch_out"/);
  });
});

describe("Loop", () => {
  const body = graph("body", {
    inputs: ["i", "go", "h"],
    nodes: [
      node("Mul", ["h", "w"], "next"),
      node("Identity", ["go"], "goes"),
      node("ReduceSum", ["h"], "total", int("keepdims", 0)),
    ],
    outputs: ["goes", "next", { name: "total", dims: [] }],
  });

  it("unrolls as often as the trip count says, carries values and collects others", () => {
    const network = open([int64("n", 2), node("Loop", ["n", "", "x"], ["y", "totals"], body)], 17, [1, 3]);
    expect(outputOf(network, 1, 2, 3)).toEqual([100, 800, 2700]);
    sum(network.forward(tensor([1, 2, 3], [1, 3]))).backward();
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([20, 80, 180]);
    const totals = [int64("n", 2), node("Loop", ["n", "", "x"], ["h", "y"], body)];
    expect(outputOf(open(totals, 17, [1, 3]), 1, 2, 3)).toEqual([6, 140]);
  });

  it("gives its initial values and empty collections where it does not run at all", () => {
    const network = open([int64("n", 0), node("Loop", ["n", "", "x"], ["y", "totals"], body)], 17, [1, 3]);
    expect(outputOf(network, 1, 2, 3)).toEqual([1, 2, 3]);
  });

  it("ends by a condition that its numbers tell", () => {
    const counting = graph("body", {
      inputs: ["i", "go", "h"],
      nodes: [int64("last", 3), node("Less", ["i", "last"], "goes"), node("Add", ["h", "w"], "next")],
      outputs: ["goes", "next"],
    });
    expect(
      outputOf(open([bool("go", true), node("Loop", ["", "go", "x"], "y", counting)], 17, [1, 3]), 1, 2, 3),
    ).toEqual([41, 82, 123]);
  });

  it("refuses what cannot be unrolled: by data, or without end", () => {
    const byData = graph("body", {
      inputs: ["i", "go", "h"],
      nodes: [...positive, node("Add", ["h", "w"], "next")],
      outputs: ["positive", "next"],
    });
    const endless = graph("body", {
      inputs: ["i", "go", "h"],
      nodes: [node("Neg", ["h"], "next")],
      outputs: ["go", "next"],
    });
    expect(() => open([int64("n", 3), node("Loop", ["n", "", "x"], "y", byData)])).toThrow(UnsupportedOperatorError);
    expect(() => open([int64("n", 3), node("Loop", ["n", "", "x"], "y", byData)])).toThrow(/condition depends on data/);
    expect(() => open([node("Loop", ["", "", "x"], "y", endless)])).toThrow(NodeError);
    expect(() => open([node("Loop", ["", "", "x"], "y", endless)])).toThrow(/too many/);
  });
});

describe("Scan", () => {
  const body = graph("body", {
    inputs: ["h", "row"],
    nodes: [node("Add", ["h", "row"], "next"), node("Mul", ["next", "w"], "scaled")],
    outputs: ["next", "scaled"],
  });
  const start = node("ReduceSum", ["x", "axes"], "start", int("keepdims", 0));

  it("goes along an axis, with a state", () => {
    const nodes = [
      int64("axes", [0]),
      start,
      node("Scan", ["start", "x"], ["last", "y"], body, int("num_scan_inputs", 1)),
    ];
    expect(outputOf(open(nodes), 1, 2, 3, 4, 5, 6)).toEqual([60, 180, 360, 100, 280, 540]);
  });

  it("goes backwards, and puts what it gives first or along another axis", () => {
    const reverse = (...more: object[]): object[] => [
      int64("axes", [0]),
      start,
      node(
        "Scan",
        ["start", "x"],
        ["last", "y"],
        body,
        int("num_scan_inputs", 1),
        ints("scan_input_directions", [1]),
        ...more,
      ),
    ];
    expect(outputOf(open(reverse()), 1, 2, 3, 4, 5, 6)).toEqual([90, 240, 450, 100, 280, 540]);
    expect(outputOf(open(reverse(ints("scan_output_directions", [1]))), 1, 2, 3, 4, 5, 6)).toEqual([
      100, 280, 540, 90, 240, 450,
    ]);
    expect(outputOf(open(reverse(ints("scan_output_axes", [-1]))), 1, 2, 3, 4, 5, 6)).toEqual([
      90, 100, 240, 280, 450, 540,
    ]);
  });

  it("has a batch in version 8", () => {
    const nodes = [
      node("ReduceMax", ["x"], "start", ints("axes", [1]), int("keepdims", 0)),
      node("Scan", ["", "start", "x"], ["y", "all"], body, int("num_scan_inputs", 1)),
    ];
    // Two samples of two rows each: the largest of each column, and then both rows on top.
    expect(outputOf(open(nodes, 8, [2, 2, 3]), 1, 2, 3, 4, 5, 6, 0, 0, 0, 1, 1, 1)).toEqual([9, 12, 15, 2, 2, 2]);
  });

  it("passes gradients through all steps", () => {
    const nodes = [
      int64("axes", [0]),
      start,
      node("Scan", ["start", "x"], ["last", "y"], body, int("num_scan_inputs", 1)),
    ];
    const network = open(nodes);
    const x: Tensor = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    sum(mul(network.forward(x), 1)).backward();
    // The sum of both states, which are 2a + b and 2a + 2b of the rows a and b.
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([16, 23, 30]);
  });
});
