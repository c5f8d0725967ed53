import type { ArgExtremeAttrs } from "./argExtreme.ts";
import type { CatAttrs } from "./concat.ts";
import type { Conv2dAttrs } from "./conv2d.ts";
import type { Conv2dInputGradAttrs } from "./conv2dInputGrad.ts";
import type { Conv2dWeightGradAttrs } from "./conv2dWeightGrad.ts";
import type { ExpandAttrs } from "./expand.ts";
import type { FullAttrs } from "./full.ts";
import type { RecurrenceAttrs } from "./linearRecurrence.ts";
import type { MatmulAttrs } from "./matmul.ts";
import type { PadAttrs } from "./pad.ts";
import type { PermuteAttrs } from "./permute.ts";
import type { PoolAttrs, PoolGradAttrs } from "./pool.ts";
import type { RandomAttrs } from "./randomUniform.ts";
import type { ReduceAttrs } from "./reduce.ts";
import type { SliceAttrs } from "./slice.ts";
import type { SortAttrs } from "./sort.ts";

/** Ops whose kernels are steps of fused element-wise chains. */
export type ElementwiseName =
  | "abs"
  | "acos"
  | "acosh"
  | "add"
  | "asin"
  | "asinh"
  | "atan"
  | "atan2"
  | "atanh"
  | "bitwiseAnd"
  | "cast"
  | "ceil"
  | "clamp"
  | "cos"
  | "cosh"
  | "div"
  | "equal"
  | "erf"
  | "erfc"
  | "erfinv"
  | "exp"
  | "exp2"
  | "expm1"
  | "floor"
  | "floorDivide"
  | "fmod"
  | "gelu"
  | "geluGrad"
  | "greater"
  | "greaterEqual"
  | "hardtanh"
  | "hypot"
  | "less"
  | "lessEqual"
  | "log"
  | "log10"
  | "log1p"
  | "log2"
  | "logicalAnd"
  | "logicalNot"
  | "logicalOr"
  | "maximum"
  | "minimum"
  | "mul"
  | "neg"
  | "notEqual"
  | "pow"
  | "relu"
  | "round"
  | "rsqrt"
  | "sigmoid"
  | "sign"
  | "sin"
  | "sinh"
  | "sqrt"
  | "sub"
  | "tan"
  | "tanh"
  | "trunc"
  | "where";

/** Ops that only rename memory. */
export type ViewName = "reshape";

/** Kernels, each with the attributes it is given. Every device has a total map over these names. */
export interface KernelAttrs {
  adaptiveAvgPool2d: { readonly outputSize: readonly [number, number] };
  adaptiveAvgPool2dGrad: { readonly inputSize: readonly [number, number] };
  argmax: ArgExtremeAttrs;
  argmin: ArgExtremeAttrs;
  avgPool2d: PoolAttrs;
  avgPool2dGrad: PoolGradAttrs;
  batchNorm: { readonly epsilon: number };
  batchNormGrad: { readonly epsilon: number };
  concat: CatAttrs;
  conv2d: Conv2dAttrs;
  conv2dInputGrad: Conv2dInputGradAttrs;
  conv2dWeightGrad: Conv2dWeightGradAttrs;
  cumsum: RecurrenceAttrs;
  expand: ExpandAttrs;
  full: FullAttrs;
  gather: { readonly axis: number };
  indexAdd: { readonly axis: number; readonly size: number };
  indexSelect: { readonly axis: number };
  layerNorm: { readonly epsilon: number };
  layerNormGrad: object;
  linearRecurrence: RecurrenceAttrs;
  logSoftmax: { readonly axis: number };
  logSoftmaxGrad: { readonly axis: number };
  matmul: MatmulAttrs;
  max: ReduceAttrs;
  maxPool2d: PoolAttrs;
  maxPool2dGrad: { readonly inputSize: readonly [number, number] };
  min: ReduceAttrs;
  pad: PadAttrs;
  permute: PermuteAttrs;
  prod: ReduceAttrs;
  randomUniform: RandomAttrs;
  scatter: { readonly axis: number };
  scatterAdd: { readonly axis: number; readonly size: number };
  slice: SliceAttrs;
  softmax: { readonly axis: number };
  softmaxCrossEntropy: object;
  softmaxCrossEntropyGrad: object;
  softmaxGrad: { readonly axis: number };
  sort: SortAttrs;
  sum: ReduceAttrs;
}

/** Names of the kernels of ops that are not element-wise. */
export type KernelName = keyof KernelAttrs;

/** Names of all primitive ops. */
export type OpName = ElementwiseName | KernelName | ViewName;
