import { noGrad, sum, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { graph, int, int64, node } from "../../test/graphs.ts";
import { NodeError } from "../errors.ts";
import { importModel, type OnnxModule } from "../module.ts";

const weight = { name: "w", dataType: 1, dims: [3], floatData: [10, 20, 30] };

function open(nodes: readonly object[]): OnnxModule {
  return importModel(modelBytes({ opset: 18, nodes, initializers: [weight], inputShape: [2, 3] })).eval();
}

/** The output for x = [[1, 2, 3], [4, 5, 6]]. */
function run(...nodes: readonly object[]): number[] {
  const network = open(nodes);
  return Array.from(noGrad(() => network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 3]))).toArray());
}

const rows = node("SplitToSequence", ["x"], "rows", int("axis", 0));
const joined = (name: string, ...more: object[]): object =>
  node("ConcatFromSequence", [name], "y", int("axis", 0), ...more);

describe("sequences", () => {
  it("are split into parts of one size, and joined again along an axis or a new one", () => {
    expect(run(rows, joined("rows"))).toEqual([1, 2, 3, 4, 5, 6]);
    const columns = node("SplitToSequence", ["x"], "columns", int("axis", -1), int("keepdims", 0));
    expect(run(columns, joined("columns"))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(run(columns, node("ConcatFromSequence", ["columns"], "y", int("axis", 1), int("new_axis", 1)))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    const pairs = [int64("two", 2), node("SplitToSequence", ["x", "two"], "pairs", int("axis", 1)), int64("last", -1)];
    expect(run(...pairs, node("SequenceAt", ["pairs", "last"], "y"))).toEqual([3, 6]);
    const lengths = [int64("lengths", [2, 1]), node("SplitToSequence", ["x", "lengths"], "parts", int("axis", 1))];
    expect(run(...lengths, int64("first", 0), node("SequenceAt", ["parts", "first"], "y"))).toEqual([1, 2, 4, 5]);
    const late = [int64("lengths", [0, 3]), node("SplitToSequence", ["x", "lengths"], "parts", int("axis", 1))];
    expect(run(...late, node("ConcatFromSequence", ["parts"], "y", int("axis", 1)))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("are built, changed and counted", () => {
    const both = node("SequenceConstruct", ["x", "w"], "both");
    expect(run(both, int64("at", 1), node("SequenceAt", ["both", "at"], "y"))).toEqual([10, 20, 30]);
    const none = node("SequenceEmpty", [], "none");
    const one = [none, node("SequenceInsert", ["none", "w"], "one"), int64("first", 0)];
    expect(
      run(...one, node("SequenceInsert", ["one", "x", "first"], "two"), node("SequenceAt", ["two", "first"], "y")),
    ).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run(rows, node("SequenceErase", ["rows"], "fewer"), joined("fewer"))).toEqual([1, 2, 3]);
    expect(run(rows, int64("first", 0), node("SequenceErase", ["rows", "first"], "fewer"), joined("fewer"))).toEqual([
      4, 5, 6,
    ]);
    const count = [rows, node("SequenceLength", ["rows"], "n"), node("Cast", ["n"], "float", int("to", 1))];
    expect(run(...count, node("Mul", ["x", "float"], "y"))).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it("are mapped, with tensors and the parameters around", () => {
    const body = graph("body", {
      inputs: ["row", "all"],
      nodes: [
        node("ReduceSum", ["all"], "total", int("keepdims", 0)),
        node("Mul", ["row", "w"], "a"),
        node("Add", ["a", "total"], "b"),
      ],
      outputs: ["b"],
    });
    expect(run(rows, node("SequenceMap", ["rows", "x"], "mapped", body), joined("mapped"))).toEqual([
      31, 61, 111, 61, 121, 201,
    ]);
  });

  it("pass gradients", () => {
    const network = open([
      node("SequenceConstruct", ["x", "w"], "both"),
      int64("at", 1),
      node("SequenceAt", ["both", "at"], "v"),
      node("Mul", ["x", "v"], "y"),
    ]);
    sum(network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 3]))).backward();
    expect(Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? [])).toEqual([5, 7, 9]);
  });

  it("may run in segments, which never part where a sequence crosses", () => {
    const nodes = [
      node("Relu", ["x"], "r"),
      node("SplitToSequence", ["r"], "rows"),
      int64("at", 1),
      node("SequenceAt", ["rows", "at"], "a"),
      node("Mul", ["a", "w"], "b"),
      node("Relu", ["b"], "y"),
    ];
    const gradients = [false, true].map((checkpointing) => {
      const network = open(nodes);
      network.checkpointing = checkpointing;
      sum(network.forward(tensor([1, 2, 3, 4, 5, 6], [2, 3]))).backward();
      return Array.from(network.namedParameters().get("w")?.grad?.toArray() ?? []);
    });
    expect(gradients).toEqual([
      [4, 5, 6],
      [4, 5, 6],
    ]);
  });

  it("name a place that is not there", () => {
    expect(() => run(rows, int64("at", 2), node("SequenceAt", ["rows", "at"], "y"))).toThrow(NodeError);
    expect(() => run(rows, int64("at", 2), node("SequenceAt", ["rows", "at"], "y"))).toThrow(/from -2 to 1/);
    expect(() => run(rows, node("Relu", ["rows"], "y"))).toThrow(/should be a tensor/);
    expect(() => run(int64("two", [1, 2]), node("SplitToSequence", ["x", "two"], "rows"), joined("rows"))).toThrow(
      /make 2/,
    );
  });
});

describe("optionals", () => {
  const floats = (from: string): object[] => [
    node("Cast", [from], "float", int("to", 1)),
    node("Mul", ["x", "float"], "y"),
  ];

  it("hold a value or nothing", () => {
    expect(run(node("Optional", ["x"], "some"), node("OptionalGetElement", ["some"], "y"))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run(node("Optional", ["x"], "some"), node("OptionalHasElement", ["some"], "has"), ...floats("has"))[0]).toBe(
      1,
    );
    expect(run(node("Optional", [], "no"), node("OptionalHasElement", ["no"], "has"), ...floats("has"))[0]).toBe(0);
    expect(() => run(node("Optional", [], "no"), node("OptionalGetElement", ["no"], "y"))).toThrow(/an empty one/);
  });
});
