import { bytesPerElement, type Call, formatShape, numel, type Value } from "@graftjs/tensor";
import { executedShare } from "./emit/conv2d.ts";

/** The shapes of what a call reads and writes. */
export function describeShapes(call: Call): string {
  return `${call.inputs.map(describeShape).join(" ")} -> ${call.outputs.map(describeShape).join(" ")}`;
}

export function describeShape({ spec }: Value): string {
  return `${formatShape(spec.shape)}${spec.dtype === "float32" ? "" : ` ${spec.dtype}`}`;
}

/** Bytes that a call reads and writes. */
export function callBytes(call: Call): number {
  return [...call.inputs, ...call.outputs].reduce(
    (sum, { spec }) => sum + numel(spec.shape) * bytesPerElement(spec.dtype),
    0,
  );
}

/** A call's kernel, with what is fused into it. */
export function describe(call: Call): string {
  if (call.kernel === "chain") return `chain(${call.attrs.steps.map((s) => s.op).join(" ")})`;
  if (call.kernel === "batchNormGrad" && call.attrs.within)
    return `batchNormGrad + within ${call.attrs.within.join("..")}`;
  if (!("epilogue" in call.attrs)) return call.kernel;
  const { bias, residual, clamp } = call.attrs.epilogue ?? {};
  const extras = [bias && "bias", residual && "residual", clamp && `clamp ${clamp.join("..")}`].filter(Boolean);
  return extras.length > 0 ? `${call.kernel} + ${extras.join(" + ")}` : call.kernel;
}

/** Floating-point operations of a call, by its definition; of element-wise and moving kernels, roughly. */
export function operations(call: Call): number {
  const size = (values: readonly Value[], i = 0): number => numel(values[i]?.spec.shape ?? []);
  switch (call.kernel) {
    case "matmul": {
      const k = (call.attrs.viewA ?? call.inputs[0]?.spec)?.shape.at(call.attrs.transposeA ? -2 : -1) as number;
      return 2 * k * size(call.outputs);
    }
    case "attention": {
      const { query, value } = call.attrs;
      const features = (query.shape.at(-1) as number) + (value.shape.at(-1) as number);
      return 2 * (value.shape.at(-2) as number) * features * (size(call.outputs) / (value.shape.at(-1) as number));
    }
    case "conv2d":
      return 2 * size(call.outputs) * numel(call.inputs[1]?.spec.shape.slice(1) ?? []);
    case "conv2dInputGrad":
      return 2 * size(call.inputs) * numel(call.inputs[1]?.spec.shape.slice(1) ?? []);
    case "conv2dWeightGrad":
      return 2 * size(call.inputs) * numel(call.attrs.weightShape.slice(1));
    case "chain":
      return call.attrs.steps.length * numel(call.attrs.shape);
    default:
      return Math.max(size(call.inputs), size(call.outputs));
  }
}

/** Floating-point operations that a call executes: fewer than by its definition where Winograd's algorithm does it. */
export function executedOperations(call: Call): number {
  const isConv = call.kernel === "conv2d" || call.kernel === "conv2dInputGrad" || call.kernel === "conv2dWeightGrad";
  return operations(call) * (isConv ? executedShare(call) : 1);
}
