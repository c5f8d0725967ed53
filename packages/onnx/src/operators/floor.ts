import { floor } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Floor.html */
export const floorOperator: Operator = unary("Floor", [1, 6, 13], { number: Math.floor, tensor: floor }, "floor");
