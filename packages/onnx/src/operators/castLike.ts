import { defineOperator, ignored, type Operator } from "../operator.ts";
import { castValue, elementType } from "./cast.ts";

/** https://onnx.ai/onnx/operators/onnx__CastLike.html */
export const castLikeOperator: Operator = defineOperator({
  opType: "CastLike",
  since: [15, 19, 21, 23, 24, 25],
  attributes: { saturate: ignored(), round_mode: ignored() },
  import: () => (inputs) => castValue(inputs.value(0), elementType(inputs, 1)),
});
