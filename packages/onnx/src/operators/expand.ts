import { broadcastShapes, broadcastStrides, expand, numel } from "@graftjs/tensor";
import { checkFill, folds, gather, isConstant, toTensor } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__Expand.html */
export const expandOperator: Operator = defineOperator({
  opType: "Expand",
  since: [8, 13],
  roles: { 1: "constant" },
  import: () => (inputs) => {
    const value = inputs.value(0);
    const from = inputs.shape(0);
    const shape = broadcastShapes("Expand", from, inputs.numbers(1));
    checkFill("Expand", shape);
    if (isConstant(value) && folds([value], numel(shape))) return gather(value, shape, broadcastStrides(from, shape));
    return expand(toTensor(value), shape);
  },
});
