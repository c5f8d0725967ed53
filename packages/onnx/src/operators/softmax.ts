import { softmax } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { softmaxLike } from "./softmaxLike.ts";

/** https://onnx.ai/onnx/operators/onnx__Softmax.html */
export const softmaxOperator: Operator = softmaxLike("Softmax", softmax, "softmax");
