import { cumprod } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { cumulative } from "./cumulative.ts";

/** https://onnx.ai/onnx/operators/onnx__CumProd.html */
export const cumProdOperator: Operator = cumulative("CumProd", [26], cumprod, 1);
