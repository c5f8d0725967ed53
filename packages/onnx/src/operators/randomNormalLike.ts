import { randomNormal } from "@graftjs/tensor";
import { defineOperator, float, int, type Operator } from "../operator.ts";
import { castValue, elementType, targetDType } from "./cast.ts";
import { drawsOf } from "./draws.ts";

/** Numbers drawn from the normal distribution, in the shape of the input. https://onnx.ai/onnx/operators/onnx__RandomNormalLike.html */
export const randomNormalLikeOperator: Operator = defineOperator({
  opType: "RandomNormalLike",
  since: [1, 22],
  attributes: { dtype: int(undefined), mean: float(0), scale: float(1), seed: float(undefined) },
  import: ({ attributes: { dtype, mean, scale, seed }, reject }) => {
    const to = dtype === undefined ? undefined : targetDType(dtype, reject);
    const draws = drawsOf(seed);
    return (inputs) =>
      castValue(randomNormal(inputs.shape(0), draws(inputs), mean, scale), to ?? elementType(inputs, 0));
  },
});
