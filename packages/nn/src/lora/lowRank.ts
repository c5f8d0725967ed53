import { type Generator, matmul, reshape, type Tensor, zeros } from "@graftjs/tensor";
import { Conv1d } from "../layers/conv1d.ts";
import { Conv2d } from "../layers/conv2d.ts";
import { Conv3d } from "../layers/conv3d.ts";
import { Linear } from "../layers/linear.ts";
import type { AnyModule } from "../module.ts";

/** A layer that can be adapted. */
export type Adaptable = Linear | Conv1d | Conv2d | Conv3d;

/** Two layers of the same kind without biases, one after the other: to `rank` channels, and from there. */
export interface LowRank {
  readonly A: Adaptable;
  readonly B: Adaptable;
}

/** Whether a layer is of a kind that is adapted: a product with a matrix, of features or of the elements of windows. */
export function isAdaptable(layer: AnyModule): layer is Adaptable {
  return [Linear, Conv1d, Conv2d, Conv3d].some((Layer) => layer instanceof Layer);
}

/** How many matrices there are: more than one of a convolution in groups, for which there is no update of low rank. */
export function groupsOf(layer: Adaptable): number {
  return layer instanceof Linear ? 1 : layer.groups;
}

/**
 * What goes from the inputs of a layer to its outputs by way of `rank` channels: A, which takes the layer's own windows, is at first
 * Kaiming-uniform with a = √5, and B zero.
 */
export function lowRankOf(layer: Adaptable, rank: number, generator: Generator | undefined): LowRank {
  const [out, inner, ...kernel] = layer.weight.shape as [number, number, ...number[]];
  const first = { bias: false, ...(generator && { generator }) };
  const last = { bias: false, initialize: zeros };
  if (layer instanceof Linear) return { A: new Linear(inner, rank, first), B: new Linear(rank, out, last) };
  // The three differ in how many numbers sizes list.
  const Convolution = layer.constructor as new (
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options: object,
  ) => Exclude<Adaptable, Linear>;
  const { stride, padding, dilation, paddingMode } = layer;
  return {
    A: new Convolution(inner, rank, kernel.length === 1 ? (kernel[0] as number) : kernel, {
      ...first,
      stride,
      padding,
      dilation,
      paddingMode,
    }),
    B: new Convolution(rank, out, 1, last),
  };
}

/** The weight of both at once, B · A, in the shape of the layer's. */
export function productOf({ A, B }: LowRank): Tensor {
  const [rank, inner, ...kernel] = A.weight.shape as [number, number, ...number[]];
  const out = B.weight.shape[0] as number;
  const columns = kernel.reduce((n, d) => n * d, inner);
  return reshape(matmul(reshape(B.weight, [out, rank]), reshape(A.weight, [rank, columns])), [out, inner, ...kernel]);
}
