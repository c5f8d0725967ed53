import type { DType } from "../dtype.ts";
import type { ElementwiseName, KernelAttrs } from "../ops/names.ts";
import type { Shape } from "../shape.ts";
import type { Value } from "./graph.ts";

/** What a step of a {@link Chain} reads: an input of the chain, an earlier step, or a number. */
export type ChainOperand =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "step"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number };

/** One element-wise op of a {@link Chain}. */
export interface ChainStep {
  readonly op: ElementwiseName;
  readonly operands: readonly ChainOperand[];
  /** Dtype of the operands (of the last one: a condition comes first and is bool). */
  readonly operandDType: DType;
  /** Dtype of the result. */
  readonly dtype: DType;
}

/** Several element-wise ops over one iteration space, run as one pass over memory. */
export interface Chain {
  readonly shape: Shape;
  /** How each input is read along the axes of `shape`: strides in elements, 0 where it is broadcast. */
  readonly inputs: readonly { readonly dtype: DType; readonly strides: readonly number[] }[];
  readonly steps: readonly ChainStep[];
  /** The steps whose results are written, one a call output; these are contiguous. */
  readonly outputs: readonly number[];
}

/** What is done to an output element before it is stored: + bias, + residual, then clamped to [low, high]. */
export interface Epilogue {
  /** A bias [columns] is an input more (of `matmul`; `conv2d` takes its own bias as third input anyway). */
  readonly bias: boolean;
  /** A tensor of the output's shape, the last input, is added. */
  readonly residual: boolean;
  /** `[0, Infinity]` for relu, `[0, 6]` for relu6. */
  readonly clamp: readonly [low: number, high: number] | null;
}

/** A value seen under another shape and strides in elements, whose last is 1: what a permutation of it would hold. */
export interface MatrixView {
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** Operands of a matrix product that are read, and a result that is written, without a copy in their order. */
export interface MatmulViews {
  readonly viewA?: MatrixView;
  readonly viewB?: MatrixView;
  readonly viewOutput?: MatrixView;
}

/** softmax(query · keyᵀ · scale + mask) · value, on stacks of matrices seen in the memory of the first three inputs. */
export interface Attention {
  readonly query: MatrixView;
  readonly key: MatrixView;
  readonly value: MatrixView;
  readonly output: MatrixView;
  readonly scale: number;
  /** Strides of the next input, which is added, along the axes of the scores. */
  readonly mask: readonly number[] | null;
  /** The same of the last, bool. Where it is false, a score is `fill`; if `isCleared`, a weight is 0 there, too. */
  readonly allowed: { readonly strides: readonly number[]; readonly fill: number; readonly isCleared: boolean } | null;
}

/** Kernels of a lowered graph, each with its attributes: those of the ops, with epilogues, and chains. */
export interface CallAttrs extends Omit<KernelAttrs, "batchNorm" | "batchNormGrad" | "conv2d" | "matmul"> {
  attention: Attention;
  /** Its epilogue has nothing but bounds. */
  batchNorm: KernelAttrs["batchNorm"] & { readonly epilogue?: Epilogue };
  /**
   * With `within`, what comes in is the gradient of the result clamped to these bounds: it flows where the result before
   * was strictly between them. To compute that again, the forward bias [C] is the sixth input.
   */
  batchNormGrad: KernelAttrs["batchNormGrad"] & { readonly within?: readonly [low: number, high: number] };
  conv2d: KernelAttrs["conv2d"] & { readonly epilogue?: Epilogue };
  matmul: KernelAttrs["matmul"] & MatmulViews & { readonly epilogue?: Epilogue };
  chain: Chain;
}

/** One kernel call of a lowered graph. */
export type Call = {
  [K in keyof CallAttrs]: {
    readonly kernel: K;
    readonly attrs: CallAttrs[K];
    readonly inputs: readonly Value[];
    readonly outputs: readonly Value[];
  };
}[keyof CallAttrs];

/** The calls of one kernel. */
export type CallOf<K extends Call["kernel"]> = Extract<Call, { readonly kernel: K }>;

/** Whether two operands are the same input of a chain, or the same step; numbers are not compared. */
export function isSameOperand(a: ChainOperand | undefined, b: ChainOperand): boolean {
  return a !== undefined && a.kind !== "constant" && a.kind === b.kind && a.index === b.index;
}
