import { argmax, movedim, oneHot } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { softmaxLike } from "./softmaxLike.ts";

/** 1 for the first of the largest, 0 elsewhere; without gradient. https://onnx.ai/onnx/operators/onnx__Hardmax.html */
export const hardmaxOperator: Operator = softmaxLike("Hardmax", (x, axis) =>
  x.size === 0 ? x : movedim(oneHot(argmax(x, axis), x.shape[axis] as number, x.dtype), -1, axis),
);
