import { type KernelAttrs, mean, type Value } from "@graftjs/tensor";
import type { ExportContext, Operator } from "../operator.ts";
import { reduceFloats, reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceMean.html */
export const reduceMeanOperator: Operator = {
  ...reduction("ReduceMean", [1, 11, 13, 18], 18, reduceFloats(mean)),
  patterns: { mul: exportMean },
};

/** A mean is a sum times one over its number of elements. */
function exportMean({ op, opset, producer, readOnce, number, name, emit, ints }: ExportContext): boolean {
  const [total, factor] = op.inputs as [Value, Value];
  const sum = producer(total);
  const from = sum?.inputs[0];
  if (sum?.op.name !== "sum" || !from || !readOnce(total)) return false;
  const { axes, keepDims } = sum.attrs as KernelAttrs["sum"];
  const count = axes.reduce((n, axis) => n * (from.spec.shape[axis] as number), 1);
  if (axes.includes(0) || Math.fround(number(factor) ?? 0) !== Math.fround(1 / count)) return false;
  const keepdims = { type: "int", value: Number(keepDims) } as const;
  if (keepDims && from.spec.shape.length === 4 && String(axes) === "2,3") emit("GlobalAveragePool", [name(from)]);
  else if (opset >= 18) emit("ReduceMean", [name(from), ints(axes)], { keepdims });
  else emit("ReduceMean", [name(from)], { axes: { type: "ints", value: axes }, keepdims });
  return true;
}

/** Writes a mean over axes, which stay with size 1. */
export function emitMean({ opset, emit, fresh, ints }: ExportContext, x: string, axes: readonly number[]): string {
  if (opset >= 18) return emit("ReduceMean", [x, ints(axes)], {}, fresh());
  return emit("ReduceMean", [x], { axes: { type: "ints", value: axes } }, fresh());
}
