import { equalShapes, formatShape, mul, ShapeError } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";
import { swish } from "./swish.ts";

/** a · sigmoid(alpha · a) · b, of operands of one shape. https://onnx.ai/onnx/operators/onnx__SwiGLU.html */
export const swiGLUOperator: Operator = defineOperator({
  opType: "SwiGLU",
  since: [28],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) => {
      const [a, b] = [inputs.tensor(0), inputs.tensor(1)];
      if (!equalShapes(a.shape, b.shape)) {
        const got = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
        throw new ShapeError({ op: "SwiGLU", expected: "a gate and values of one shape", got });
      }
      return mul(swish(a, alpha), b);
    },
});
