import { conv2d, formatShape, type KernelAttrs, ShapeError } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import {
  window2d,
  windowAttributes,
  windowNodeAttributes,
  windowProblem,
  withHeight,
  withoutHeight,
} from "./window.ts";

/** Convolution over one or two axes. https://onnx.ai/onnx/operators/onnx__Conv.html */
export const convOperator: Operator = defineOperator({
  opType: "Conv",
  since: [1, 11, 22],
  attributes: { ...windowAttributes, group: int(1) },
  roles: { 1: "parameter", 2: "parameter" },
  exports: {
    conv2d: ({ op, emit, input }) => {
      const { stride, padding, dilation, groups } = op.attrs as KernelAttrs["conv2d"];
      const kernel = op.inputs[1]?.spec.shape.slice(2) ?? [];
      emit(
        "Conv",
        op.inputs.map((_, i) => input(i)),
        {
          ...windowNodeAttributes(kernel, stride, padding, dilation),
          group: { type: "int", value: groups },
        },
      );
    },
  },
  import: ({ attributes, reject }) => {
    const problem = windowProblem(attributes);
    if (problem) reject(problem);
    if ((attributes.kernel_shape?.length ?? 2) > 2) reject("a convolution over three axes");
    return (inputs) => {
      const [x, weight] = [inputs.tensor(0), inputs.tensor(1)];
      if (weight.rank !== x.rank || (x.rank !== 3 && x.rank !== 4)) {
        throw new ShapeError({
          op: "Conv",
          expected: "input and weight of rank 4, or both of rank 3",
          got: `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
        });
      }
      const { stride, dilation, padding } = window2d(attributes, weight.shape.slice(2), x.shape.slice(2));
      const bias = inputs.has(2) ? inputs.tensor(2) : null;
      const y = conv2d(withHeight(x), withHeight(weight), bias, {
        stride,
        dilation,
        padding,
        groups: attributes.group,
      });
      return withoutHeight(y, x.rank);
    };
  },
});
