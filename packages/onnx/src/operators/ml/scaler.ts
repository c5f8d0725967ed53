import { cast, mul, sub, tensor } from "@graftjs/tensor";
import { defineOperator, floats, type Operator } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

/**
 * (X - offset) · scale, each one number or one a feature: the last axis. Part of the preprocessing, and never trained.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_Scaler.html
 */
export const scalerOperator: Operator = defineOperator({
  opType: "Scaler",
  domain: mlDomain,
  since: [1],
  attributes: { offset: floats(), scale: floats() },
  import: ({ attributes: { offset, scale } }) => {
    const [shift, factor] = [
      tensor(Float32Array.from(offset?.length ? offset : [0])),
      tensor(Float32Array.from(scale?.length ? scale : [1])),
    ];
    return (inputs) => mul(sub(cast(inputs.tensor(0), "float32"), shift), factor);
  },
});
