import {
  add,
  arange,
  cast,
  floorDivide,
  isFloat,
  type KernelAttrs,
  maxPool1dWithIndices,
  maxPool2dWithIndices,
  maxPool3dWithIndices,
  mul,
  numel,
  remainder,
  reshape,
  type Shape,
  stridesOf,
  type Tensor,
} from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { overAxes, poolWindow, type Window, windowAttributes, windowNodeAttributes, windowProblem } from "./window.ts";

/** They differ in how many numbers they list. */
const maxPools = [maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices] as readonly unknown[] as readonly ((
  x: Tensor,
  kernel: readonly number[],
  options: Window & { readonly ceilMode: boolean },
) => { readonly values: Tensor; readonly indices: Tensor })[];

/**
 * Maxima, and where they are in the flattened input: row by row, or with `storage_order` 1 column by column.
 * https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export const maxPoolOperator: Operator = defineOperator({
  opType: "MaxPool",
  since: [1, 8, 10, 11, 12, 22],
  attributes: { ...windowAttributes, ceil_mode: int(0), storage_order: int(0) },
  exports: {
    maxPool2d: ({ op, emit, input }) => {
      const { kernelSize, stride, padding, dilation, ceilMode } = op.attrs as KernelAttrs["maxPool2d"];
      emit("MaxPool", [input(0)], {
        ...windowNodeAttributes(kernelSize, stride, padding, dilation),
        ...(ceilMode && { ceil_mode: { type: "int", value: 1 } }),
      });
    },
  },
  import: ({ node, attributes, reject }) => {
    const { kernel_shape: kernel = [], storage_order } = attributes;
    const problem = windowProblem(attributes, false);
    if (problem) reject(problem);
    return (inputs) => {
      const x = inputs.tensor(0);
      // Integers have eight bits here, which floats hold.
      const { values, indices } = overAxes("MaxPool", maxPools, x)(
        isFloat(x.dtype) ? x : cast(x, "float32"),
        kernel,
        poolWindow("MaxPool", attributes, x),
      );
      const y = cast(values, x.dtype);
      return node.outputs[1] ? [y, flatIndices(indices, x.shape, storage_order === 1)] : y;
    };
  },
});

/** Offsets into planes [d1, d2, ...] as offsets into the whole of [N, C, d1, d2, ...], whose planes may lie column by column. */
function flatIndices(indices: Tensor, [batch, channels, ...spatial]: Shape, columnMajor: boolean): Tensor {
  const planes = (batch as number) * (channels as number);
  const first = mul(arange(0, planes), numel(spatial));
  const base = reshape(first, [batch as number, channels as number, ...spatial.map(() => 1)]);
  if (!columnMajor) return add(base, indices);
  const [rows, columns] = [stridesOf(spatial), stridesOf(spatial.toReversed()).toReversed()];
  return spatial.reduce((sum, d, i) => {
    const coordinate = remainder(floorDivide(indices, rows[i] as number), d);
    return add(sum, mul(coordinate, columns[i] as number));
  }, base);
}
