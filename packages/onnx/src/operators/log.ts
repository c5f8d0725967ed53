import { log } from "@graftjs/tensor";
import { dtypeOf, type ExportContext, type Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Log.html */
export const logOperator: Operator = {
  ...unary("Log", [1, 6, 13], { number: Math.log, tensor: log }),
  exports: {
    log: ({ emit, input }) => void emit("Log", [input(0)]),
    // Exact to about 1e-7, not relative to small results.
    log1p: ({ op, emit, fresh, input, scalar }) =>
      void emit("Log", [emit("Add", [input(0), scalar(1, dtypeOf(op))], {}, fresh())]),
    log2: (context) => exportLog(context, Math.LN2),
    log10: (context) => exportLog(context, Math.LN10),
  },
};

/** To the base e^`factor`. */
function exportLog({ op, emit, fresh, input, scalar }: ExportContext, factor: number): void {
  emit("Mul", [emit("Log", [input(0)], {}, fresh()), scalar(1 / factor, dtypeOf(op))]);
}
