import { constant, isConstant, type Value } from "../constant.ts";
import { InvalidModelError } from "../errors.ts";
import type { ValueInfo } from "../graph.ts";
import { defineOperator, graph, type Inputs, type Operator } from "../operator.ts";
import { type GraphValue, isValue } from "../sequence.ts";
import { stackValues } from "./concat.ts";

/**
 * Unrolled: how often the body runs must be known when the graph is traced, from a trip count or a condition that does not depend on data.
 * https://onnx.ai/onnx/operators/onnx__Loop.html
 */
export const loopOperator: Operator = defineOperator({
  opType: "Loop",
  since: [1, 11, 13, 16, 19, 21, 23, 24, 25],
  attributes: { body: graph() },
  roles: { 0: "constant", 1: "constant" },
  import: ({ node, attributes: { body }, reject }) => {
    if (!body) return reject("it has no body");
    if (body.outputs.length < Math.max(1, node.inputs.length - 1)) reject("its body gives less than it carries on");
    return (inputs) => {
      let carried = Array.from({ length: Math.max(0, inputs.count - 2) }, (_, i) => inputs.any(i + 2));
      const trips = inputs.has(0) ? known(inputs, inputs.value(0), "trip count") : Number.POSITIVE_INFINITY;
      let condition = inputs.has(1) ? known(inputs, inputs.value(1), "condition") : 1;
      const scanned = body.outputs.slice(1 + carried.length).map((): GraphValue[] => []);
      for (let i = 0; i < trips && condition !== 0; i++) {
        const iteration = [constant([i], [], "int64"), constant([condition], [], "bool")];
        const [next, ...results] = inputs.run(body, [...iteration, ...carried]);
        condition = known(inputs, next as GraphValue, "condition");
        carried = results.slice(0, carried.length);
        scanned.forEach((values, k) => {
          values.push(results[carried.length + k] as GraphValue);
        });
      }
      const outputs = body.outputs.slice(1 + carried.length);
      return [...carried, ...scanned.map((values, k) => stacked("Loop", values, outputs[k] as ValueInfo))];
    };
  },
});

function known(inputs: Inputs, value: GraphValue, what: string): number {
  if (isValue(value) && isConstant(value)) return value.data[0] as number;
  return inputs.reject(`its ${what} depends on data, so that it cannot be unrolled`);
}

/**
 * What iterations gave, along a new axis; without any iteration, nothing of the declared shape.
 * @throws {InvalidModelError} if that is a sequence, or unknown
 */
export function stacked(opType: string, values: readonly GraphValue[], declared: ValueInfo, axis = 0): Value {
  const tensors = values.filter(isValue);
  const [first, ...rest] = tensors;
  const where = `${opType}'s output "${declared.name}"`;
  if (tensors.length < values.length) throw new InvalidModelError(where, "a sequence cannot be joined over iterations");
  if (first) return stackValues(opType, [first, ...rest], axis);
  const { dtype, shape } = declared;
  if (!dtype || !shape) throw new InvalidModelError(where, "nothing iterates, and its type is not declared");
  return constant([], [0, ...shape.map((d) => (typeof d === "number" ? d : 0))], dtype);
}
