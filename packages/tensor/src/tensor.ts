import type { TapeNode } from "./autograd/tape.ts";
import { allocate, arrayOf, type DType, dtypeOf, isFloat, type TypedArray } from "./dtype.ts";
import { ArgumentError, AutogradError, ShapeError, TraceError } from "./errors.ts";
import type { TensorSpec, Value } from "./graph/graph.ts";
import { runtime } from "./runtime.ts";
import { checkShape, equalShapes, formatShape, numel, type Shape } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Nested arrays of numbers, as deep as the tensor has axes. */
export type NestedArray = number | readonly NestedArray[];

export interface TensorOptions {
  readonly requiresGrad?: boolean;
  /** What the op that made this tensor remembers for the gradient. */
  readonly tape?: TapeNode | null;
}

/**
 * An n-dimensional array: contiguous, row-major, of one dtype. Values never change under a tensor, with one exception:
 * {@link Tensor.assign}, for parameters and other state. Nothing has to be disposed of.
 *
 * The methods are a closed list; operations are functions (`add(a, b)`).
 */
export class Tensor implements TensorSpec {
  /** Recognises tensors across several installed copies of this package. */
  readonly brand = "@graftjs/tensor";
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether `backward` computes a gradient for this tensor. */
  requiresGrad: boolean;
  #grad: Tensor | null = null;
  /** Whether nobody else has, or ever asked for, the memory of the gradient. */
  #ownsGrad = false;
  /** @internal */
  readonly tape: TapeNode | null;
  /** Where the elements are: in memory, or, inside of a trace, a value of the graph. @internal */
  readonly place: Storage | Value;

  constructor(shape: Shape, dtype: DType, place: Storage | Value, options: TensorOptions = {}) {
    this.shape = shape;
    this.dtype = dtype;
    this.place = place;
    this.tape = options.tape ?? null;
    this.requiresGrad = options.requiresGrad ?? this.tape !== null;
    if (this.requiresGrad && !isFloat(dtype)) {
      throw new AutogradError(`Only float tensors can require gradients, this one is ${dtype}.`);
    }
  }

  /** The gradient that `backward` has accumulated here; only on leaves (tensors that no op made). */
  get grad(): Tensor | null {
    this.#ownsGrad = false;
    return this.#grad;
  }

  set grad(grad: Tensor | null) {
    this.setGrad(grad, false);
  }

  /** {@link grad}, for those who do not hold on to it. @internal */
  borrowGrad(): Tensor | null {
    return this.#grad;
  }

  /** @param owned whether nobody else has the memory of `grad`. @internal */
  setGrad(grad: Tensor | null, owned: boolean): void {
    if (this.#ownsGrad && grad !== this.#grad) this.#grad?.storage.discard();
    this.#grad = grad;
    this.#ownsGrad = owned;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return numel(this.shape);
  }

  /** The memory that holds the elements. @throws {TraceError} inside of a trace, where there are none yet. @internal */
  get storage(): Storage {
    if (this.place instanceof Storage || "host" in this.place) return this.place as Storage;
    throw new TraceError(
      "This tensor is part of a compiled function and has no value outside of it. Return it from the function to read it.",
    );
  }

  /** The elements in row-major order, as a copy. @throws {TraceError} inside of a compiled function. */
  toArray(): TypedArray {
    return this.storage.toArray();
  }

  /** As {@link toArray}, from any device: waits where the memory cannot be read at once. */
  read(): Promise<TypedArray> {
    return this.storage.read();
  }

  /** The elements as nested arrays. */
  toNested(): NestedArray {
    const data = this.storage.host();
    let offset = 0;
    const build = (axis: number): NestedArray =>
      axis === this.rank
        ? (data[offset++] as number)
        : Array.from({ length: this.shape[axis] as number }, () => build(axis + 1));
    return build(0);
  }

  /** The value of a tensor that has one element. @throws {ShapeError} if it has more or none. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError({
        op: "item",
        expected: "a tensor of one element",
        got: `shape ${formatShape(this.shape)}`,
      });
    }
    return this.storage.host()[0] as number;
  }

  /** The same values, outside of the gradient. Shares memory with this tensor. */
  detach(): Tensor {
    return new Tensor(this.shape, this.dtype, this.place);
  }

  /**
   * Computes the gradient of this tensor with respect to every leaf that requires one and adds it to the leaf's `grad`.
   * @param seed gradient of the final result with respect to this tensor; 1 for a tensor of one element.
   * @throws {AutogradError} if nothing here requires a gradient, or a value that is needed was assigned to since.
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   */
  backward(seed?: Tensor): void {
    if (!this.tape) {
      throw new AutogradError(
        "backward: this tensor does not depend on anything that requires a gradient. Set requiresGrad on a leaf, and compute it outside of noGrad.",
      );
    }
    this.tape.backward(this, seed);
  }

  /**
   * Replaces the values of this tensor. Inside of a compiled function the assignment happens at the end of each run.
   * @throws {ShapeError} if shape or dtype differ. @throws {AutogradError} on the result of a differentiable op.
   */
  assign(value: Tensor | TypedArray | readonly number[]): void {
    if (this.tape) {
      throw new AutogradError("assign: only leaf tensors can be assigned to, this one is the result of an op.");
    }
    const incoming = isTensor(value) ? value : new Tensor(this.shape, this.dtype, storageOf(this, value));
    if (!equalShapes(incoming.shape, this.shape) || incoming.dtype !== this.dtype) {
      throw new ShapeError({
        op: "assign",
        expected: `${this.dtype} ${formatShape(this.shape)}`,
        got: `${incoming.dtype} ${formatShape(incoming.shape)}`,
      });
    }
    const { tracer, scope } = runtime();
    scope?.assigning(this);
    if (tracer) tracer.assign(this, incoming);
    else this.storage.assign(incoming.storage);
  }

  toString(): string {
    const grad = this.requiresGrad ? ", requiresGrad" : "";
    const values = "host" in this.place && this.size <= 64 ? `, ${JSON.stringify(this.toNested())}` : "";
    return `Tensor(${this.dtype} ${formatShape(this.shape)}${grad}${values})`;
  }
}

function storageOf(like: TensorSpec, values: TypedArray | readonly number[]): Storage {
  if (values.length !== numel(like.shape)) {
    throw new ShapeError({
      op: "assign",
      expected: `${numel(like.shape)} elements`,
      got: `${values.length}`,
    });
  }
  return new Storage(like.dtype, arrayOf(like.dtype, values));
}

/** Whether `x` is a tensor, of this or another installed copy of the package. */
export function isTensor(x: unknown): x is Tensor {
  return typeof x === "object" && x !== null && "brand" in x && x.brand === "@graftjs/tensor";
}

export interface CreateOptions {
  /** Default: that of a typed array; `float32` for plain numbers. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of `values`: a typed array or flat list with a `shape`, or nested arrays, whose nesting gives the shape.
 * The values are copied.
 * @throws {ShapeError} if the number of values does not fit the shape, or nested arrays are ragged.
 */
export function tensor(values: NestedArray | TypedArray, shape?: Shape, options: CreateOptions = {}): Tensor {
  const given = dtypeOf(values);
  const dtype = options.dtype ?? given ?? "float32";
  const flat = given ? (values as TypedArray) : flatten(values as NestedArray, shape);
  const actual = shape ?? (given ? [flat.length] : nestedShape(values as NestedArray));
  checkShape("tensor", actual);
  if (flat.length !== numel(actual)) {
    throw new ShapeError({
      op: "tensor",
      expected: `${numel(actual)} values for shape ${formatShape(actual)}`,
      got: `${flat.length}`,
    });
  }
  return new Tensor([...actual], dtype, new Storage(dtype, arrayOf(dtype, flat)), pickGrad(options));
}

function pickGrad(options: CreateOptions): TensorOptions {
  return options.requiresGrad === undefined ? {} : { requiresGrad: options.requiresGrad };
}

function nestedShape(values: NestedArray): number[] {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(values: NestedArray, shape: Shape | undefined): number[] {
  if (shape && Array.isArray(values) && values.every((v) => typeof v === "number")) return values as number[];
  const nested = nestedShape(values);
  const flat: number[] = [];
  const visit = (level: NestedArray, axis: number): void => {
    const ok = typeof level === "number" ? axis === nested.length : level.length === nested[axis];
    if (!ok) throw new ShapeError({ op: "tensor", expected: "nested arrays of equal lengths", got: "ragged arrays" });
    if (typeof level === "number") flat.push(level);
    else for (const inner of level) visit(inner, axis + 1);
  };
  visit(values, 0);
  return flat;
}

/** A tensor filled with zeros. */
export function zeros(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("zeros", shape, 0, options);
}

/** A tensor filled with ones. */
export function ones(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("ones", shape, 1, options);
}

/** `[start, start + step, ...]` up to, not including, `stop`; int32 unless said otherwise. */
export function arange(start: number, stop: number, step = 1, options: CreateOptions = {}): Tensor {
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!Number.isFinite(length)) {
    throw new ArgumentError({
      op: "arange",
      expected: "a step that is not 0, and finite bounds",
      got: `${start}, ${stop}, ${step}`,
    });
  }
  const values = Array.from({ length }, (_, i) => start + i * step);
  return tensor(values, [length], { dtype: "int32", ...options });
}

function filled(op: string, shape: Shape, value: number, options: CreateOptions): Tensor {
  checkShape(op, shape);
  const dtype = options.dtype ?? "float32";
  const data = allocate(dtype, numel(shape));
  if (value !== 0) data.fill(value);
  return new Tensor([...shape], dtype, new Storage(dtype, data), pickGrad(options));
}
