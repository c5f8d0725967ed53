import { randomUniform } from "@graftjs/tensor";
import { defineOperator, float, int, type Operator } from "../operator.ts";
import { castValue, elementType, targetDType } from "./cast.ts";
import { drawsOf } from "./draws.ts";

/** Numbers drawn uniformly from [low, high), in the shape of the input. https://onnx.ai/onnx/operators/onnx__RandomUniformLike.html */
export const randomUniformLikeOperator: Operator = defineOperator({
  opType: "RandomUniformLike",
  since: [1, 22],
  attributes: { dtype: int(undefined), high: float(1), low: float(0), seed: float(undefined) },
  import: ({ attributes: { dtype, high, low, seed }, reject }) => {
    const to = dtype === undefined ? undefined : targetDType(dtype, reject);
    const draws = drawsOf(seed);
    return (inputs) =>
      castValue(randomUniform(inputs.shape(0), draws(inputs), low, high), to ?? elementType(inputs, 0));
  },
});
