import { isConstant } from "../constant.ts";
import { defineOperator, ignored, type Operator } from "../operator.ts";
import { castValue } from "./cast.ts";

/** https://onnx.ai/onnx/operators/onnx__CastLike.html */
export const castLikeOperator: Operator = defineOperator({
  opType: "CastLike",
  since: [15, 19, 21, 23, 24, 25],
  attributes: { saturate: ignored(), round_mode: ignored() },
  import: () => (inputs) => {
    const like = inputs.value(1);
    return castValue(inputs.value(0), like.dtype === "int32" && !isConstant(like) ? "int64" : like.dtype);
  },
});
