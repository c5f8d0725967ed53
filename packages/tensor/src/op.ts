import type { DType, TypedArray } from "./dtype.ts";
import type { TensorSpec } from "./graph/graph.ts";
import type { OpName } from "./ops/names.ts";
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** A contiguous row-major array with its shape: what reference kernels work on. */
export interface NDArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** What a gradient rule is given besides the op's inputs. */
export interface GradContext<A> {
  readonly attrs: A;
  /** Gradient with respect to the first output. */
  readonly grad: Tensor;
  /** Gradient with respect to each output; `null` where nothing depends on it. */
  readonly grads: readonly (Tensor | null)[];
  /** The first output, as the forward pass computed it. */
  readonly output: Tensor;
  readonly outputs: readonly Tensor[];
  /** Whether a gradient with respect to input `i` is wanted; a rule may leave out what is not. */
  needs(i: number): boolean;
}

/** What a reference kernel is given besides the op's inputs. */
export interface KernelContext<A> {
  readonly attrs: A;
  /** The first output, zero-filled. */
  readonly output: NDArray;
  readonly outputs: readonly NDArray[];
}

/** An input of a {@link Sample}: a shape alone stands for float values drawn from (-2, 2). */
export type SampleInput =
  | Shape
  | { readonly shape: Shape; readonly range: readonly [low: number, high: number] }
  | { readonly shape: Shape; readonly dtype: DType; readonly values: readonly number[] };

/** Example arguments, walked by the conformance, gradient and golden suites. */
export interface Sample<A> {
  readonly attrs: A;
  readonly inputs: readonly SampleInput[];
}

/**
 * A primitive operation, defined once. Devices supply kernels for it by name; everything else stands here.
 * - `elementwise`: inputs broadcast together, output element i depends on elements i alone; devices fuse chains of them.
 * - `view`: the output is the input's memory under another shape; no kernel runs.
 * - `kernel`: anything else.
 */
export interface Op<A = unknown> {
  readonly name: OpName;
  readonly kind: "elementwise" | "view" | "kernel";
  /** Shape and dtype rule. @throws {ShapeError | DTypeError | ArgumentError} on arguments that do not fit. */
  infer(attrs: A, ...inputs: TensorSpec[]): readonly TensorSpec[];
  /** Gradient rule, written in ops: one entry an input, `null` where there is none. Absent where nothing is differentiable. */
  grad?(context: GradContext<A>, ...inputs: Tensor[]): readonly (Tensor | null)[];
  /** Reference kernel: plain loops, accumulating in f64. */
  reference(context: KernelContext<A>, ...inputs: NDArray[]): void;
  readonly samples: readonly Sample<A>[];
}
