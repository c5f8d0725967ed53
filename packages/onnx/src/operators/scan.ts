import { normalizeAxis, ShapeError, select } from "@graftjs/tensor";
import { isConstant, selectConstants, shapeOf, type Value } from "../constant.ts";
import type { Graph, ValueInfo } from "../graph.ts";
import { defineOperator, graph, type Inputs, int, ints, type Operator } from "../operator.ts";
import type { GraphValue } from "../sequence.ts";
import { stacked } from "./loop.ts";

/** What iterates: its body, and for each input and output that is scanned, along which axis, and whether backwards. */
interface Scanned {
  readonly body: Graph;
  readonly inputAxes: readonly number[];
  readonly inputDirections: readonly number[];
  readonly outputAxes: readonly number[];
  readonly outputDirections: readonly number[];
}

/**
 * Unrolled. In version 8 the first axis of everything is the batch, the second the one that is scanned; later there is no batch.
 * https://onnx.ai/onnx/operators/onnx__Scan.html
 */
export const scanOperator: Operator = defineOperator({
  opType: "Scan",
  since: [8, 9, 11, 16, 19, 21, 23, 24, 25],
  attributes: {
    body: graph(),
    num_scan_inputs: int(undefined),
    directions: ints(),
    scan_input_axes: ints(),
    scan_input_directions: ints(),
    scan_output_axes: ints(),
    scan_output_directions: ints(),
  },
  import: ({ attributes, node, opset, reject }) => {
    const { body, num_scan_inputs: count } = attributes;
    if (!body || count === undefined) return reject("it has no body, or scans nothing");
    const states = node.inputs.length - (opset < 9 ? 1 : 0) - count;
    if (count < 1 || states < 0 || body.outputs.length < states)
      reject(`${count} inputs to scan of ${node.inputs.length}, for ${body.outputs.length} outputs of its body`);
    const scanned: Scanned = {
      body,
      inputAxes: attributes.scan_input_axes ?? [],
      inputDirections: attributes.scan_input_directions ?? attributes.directions ?? [],
      outputAxes: attributes.scan_output_axes ?? [],
      outputDirections: attributes.scan_output_directions ?? [],
    };
    if (opset >= 9) return (inputs) => scan(inputs, valuesFrom(inputs, 0), count, scanned);
    if (node.inputs[0]) return reject("sequences of different lengths in one batch");
    return (inputs) => {
      const values = valuesFrom(inputs, 1);
      const results = Array.from({ length: inputs.shape(1)[0] ?? 0 }, (_, n) => {
        const sample = values.map((value) => elementOf(value, 0, n));
        return scan(inputs, sample, count, scanned);
      });
      return body.outputs.map((info, i) =>
        stacked(
          "Scan",
          results.map((outputs) => outputs[i] as GraphValue),
          info,
        ),
      );
    };
  },
});

function valuesFrom(inputs: Inputs, first: number): Value[] {
  return Array.from({ length: inputs.count - first }, (_, i) => inputs.value(first + i));
}

/** What is at place `i` of an axis, without the axis. */
function elementOf(value: Value, axis: number, i: number): Value {
  return isConstant(value) ? selectConstants(value, [i], axis, []) : select(value, axis, i);
}

/** States after the last element, and what the iterations gave. `values` are the states, and then what is scanned. */
function scan(inputs: Inputs, values: readonly Value[], count: number, scanned: Scanned): GraphValue[] {
  const { body, inputAxes, inputDirections, outputAxes, outputDirections } = scanned;
  const scans = values.slice(values.length - count).map((value, i) => {
    return { value, axis: normalizeAxis("Scan", inputAxes[i] ?? 0, shapeOf(value).length) };
  });
  let states: readonly GraphValue[] = values.slice(0, values.length - count);
  const outputs = body.outputs.slice(states.length);
  const made = outputs.map((): GraphValue[] => []);
  const lengths = new Set(scans.map(({ value, axis }) => shapeOf(value)[axis]));
  const [length = 0] = lengths;
  if (lengths.size !== 1)
    throw new ShapeError({ op: "Scan", expected: "inputs of one length", got: [...lengths].join(", ") });
  for (let t = 0; t < length; t++) {
    const elements = scans.map(({ value, axis }, i) => elementOf(value, axis, inputDirections[i] ? length - 1 - t : t));
    const results = inputs.run(body, [...states, ...elements]);
    states = results.slice(0, states.length);
    made.forEach((list, k) => {
      list.push(results[states.length + k] as GraphValue);
    });
  }
  return [
    ...states,
    ...made.map((list, k) => {
      const ordered = outputDirections[k] ? list.reverse() : list;
      return stacked("Scan", ordered, outputs[k] as ValueInfo, outputAxes[k]);
    }),
  ];
}
