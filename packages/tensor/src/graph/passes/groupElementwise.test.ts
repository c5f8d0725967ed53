import { describe, expect, test } from "vitest";
import { gradients } from "../../autograd/gradients.ts";
import { add } from "../../ops/add.ts";
import { exp } from "../../ops/exp.ts";
import { matmul } from "../../ops/matmul.ts";
import { mul } from "../../ops/mul.ts";
import { sigmoid } from "../../ops/sigmoid.ts";
import { sum } from "../../ops/sum.ts";
import { tanh } from "../../ops/tanh.ts";
import { withRuntime } from "../../runtime.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import type { Graph } from "../graph.ts";
import { Tracer } from "../tracer.ts";
import { eliminateDeadCode } from "./deadCode.ts";
import { Grouping } from "./groupElementwise.ts";

function traced(fn: (...inputs: Tensor[]) => readonly Tensor[], ...shapes: number[][]): Graph {
  const tracer = new Tracer(shapes.map((shape) => ({ shape, dtype: "float32" })));
  return withRuntime({ tracer }, () => eliminateDeadCode(tracer.finish(fn(...tracer.arguments()))));
}

const names = (graph: Graph): string[] =>
  new Grouping(graph, new Set()).groups().map((group) => group.map((node) => node.op.name).join(" "));

/** A gated recurrence over `steps` steps, and the gradient of its sum. */
function recurrence(steps: number): Graph {
  const weight = zeros([8, 8], { requiresGrad: true });
  return traced(
    (x) => {
      let h = x;
      for (let t = 0; t < steps; t++) {
        const gate = matmul(h, weight);
        h = add(mul(sigmoid(gate), h), tanh(exp(gate)));
      }
      return [gradients(sum(h), [weight])[0] as Tensor];
    },
    [2, 8],
  );
}

describe("groups", () => {
  test("hold what is connected and of one shape", () => {
    expect(names(traced((x) => [tanh(exp(x)), sigmoid(x)], [4]))).toEqual(["exp tanh", "sigmoid"]);
    expect(names(traced((x, y) => [exp(add(tanh(x), y))], [4], [3, 4]))).toEqual(["tanh", "add exp"]);
  });

  test("do not wait for themselves", () => {
    // exp and mul are connected; the product lies between them.
    const w = zeros([4, 4]);
    const graph = traced(
      (x) => {
        const y = exp(x);
        return [mul(matmul(y, w), y)];
      },
      [2, 4],
    );
    expect(names(graph)).toEqual(["exp", "matmul", "mul"]);
  });

  test("of a deep graph are the same at each step", () => {
    const counted = (steps: number): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const group of names(recurrence(steps))) counts.set(group, (counts.get(group) ?? 0) + 1);
      return counts;
    };
    const [less, more] = [counted(40), counted(80)];
    // Forward, one chain a step; the last one goes on into its gradient.
    expect(less.get("sigmoid mul exp tanh add")).toBe(39);
    expect(more.get("sigmoid mul exp tanh add")).toBe(79);
    expect(more.size).toBe(less.size);
  });

  test.each([50, 100, 200, 400])("of %i steps are found after looks at a few groups a node", (steps) => {
    const graph = recurrence(steps);
    expect(new Grouping(graph, new Set()).visited).toBeLessThan(4 * graph.nodes.length);
  });
});
