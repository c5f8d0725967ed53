import { normalizeAxes } from "@graftjs/tensor";
import { defineOperator, ints, type Operator } from "../operator.ts";
import { reshapeValue } from "./reshape.ts";

/** Axes of the result; an attribute below version 13, an input from there on. https://onnx.ai/onnx/operators/onnx__Unsqueeze.html */
export const unsqueezeOperator: Operator = defineOperator({
  opType: "Unsqueeze",
  since: [1, 11, 13, 21, 23, 24, 25],
  attributes: { axes: ints() },
  roles: { 1: "constant" },
  import:
    ({ attributes }) =>
    (inputs) => {
      const axes = inputs.has(1) ? inputs.numbers(1) : (attributes.axes ?? []);
      const rest = [...inputs.shape(0)];
      const added = normalizeAxes("Unsqueeze", axes, rest.length + axes.length);
      const shape = Array.from({ length: rest.length + axes.length }, (_, i) =>
        added.includes(i) ? 1 : (rest.shift() as number),
      );
      return reshapeValue(inputs.value(0), shape);
    },
});
