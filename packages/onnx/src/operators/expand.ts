import { broadcastShapes, broadcastStrides, expand, numel } from "@graftjs/tensor";
import { checkFill, folds, gather, isConstant, toTensor } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__Expand.html */
export const expandOperator: Operator = defineOperator({
  opType: "Expand",
  since: [8, 13],
  roles: { 1: "constant" },
  exports: {
    expand: ({ op, opset, emit, input, shape, reject }) => {
      if (opset < 8) reject("Expand exists from operator set 8 on");
      const [from, to] = [op.inputs[0]?.spec.shape ?? [], op.outputs[0]?.spec.shape ?? []];
      // A size of 1 leaves what is there: so only an axis that is repeated along the batch asks for its size.
      const sizes = to.map((d, i) => (from[i - to.length + from.length] === d ? 1 : d));
      emit("Expand", [input(0), shape(sizes)]);
    },
  },
  import: () => (inputs) => {
    const value = inputs.value(0);
    const from = inputs.shape(0);
    const shape = broadcastShapes("Expand", from, inputs.numbers(1));
    checkFill("Expand", shape);
    if (isConstant(value) && folds([value], numel(shape))) return gather(value, shape, broadcastStrides(from, shape));
    return expand(toTensor(value), shape);
  },
});
