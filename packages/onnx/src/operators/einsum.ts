import { einsum } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";
import { foldable } from "./foldable.ts";

/** Sums of products, by an equation as in NumPy. https://onnx.ai/onnx/operators/onnx__Einsum.html */
export const einsumOperator: Operator = defineOperator({
  opType: "Einsum",
  since: [12, 28],
  attributes: { equation: string(undefined) },
  import: ({ attributes: { equation }, reject }) => {
    if (equation === undefined) return reject("there is no equation");
    return foldable((inputs) => einsum(equation, ...Array.from({ length: inputs.count }, (_, i) => inputs.tensor(i))));
  },
});
