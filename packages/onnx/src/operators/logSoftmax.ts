import { logSoftmax } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { softmaxLike } from "./softmaxLike.ts";

/** https://onnx.ai/onnx/operators/onnx__LogSoftmax.html */
export const logSoftmaxOperator: Operator = softmaxLike("LogSoftmax", logSoftmax, "logSoftmax");
