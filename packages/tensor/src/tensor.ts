import type { TapeNode } from "./autograd/tape.ts";
import { allocate, arrayOf, type DType, dtypeOf, isFloat, type TypedArray } from "./dtype.ts";
import { AutogradError, DTypeError, ShapeError, TraceError } from "./errors.ts";
import type { TensorSpec, Value } from "./graph/graph.ts";
import { runtime } from "./runtime.ts";
import { checkShape, equalShapes, formatShape, numel, type Shape } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Nested arrays of numbers, as deep as the tensor has axes. */
export type NestedArray = number | readonly NestedArray[];

/** As {@link NestedArray}, also of truth values: what a tensor is made of. */
export type NestedValues = number | boolean | readonly NestedValues[];

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
 *
 * @example
 * ```ts
 * import { mul, sum, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]], undefined, { requiresGrad: true });
 * sum(mul(x, x)).backward();
 * console.log(x.shape, x.grad?.toNested()); // [2, 2] [[2, 4], [6, 8]]
 * ```
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

/**
 * Whether `x` is a tensor, of this or another installed copy of the package.
 *
 * @example
 * ```ts
 * import { isTensor, tensor } from "@graftjs/tensor";
 *
 * console.log(isTensor(tensor(1)), isTensor([1])); // true false
 * ```
 */
export function isTensor(x: unknown): x is Tensor {
  return typeof x === "object" && x !== null && "brand" in x && x.brand === "@graftjs/tensor";
}

/** Options of {@link tensor}, {@link zeros} and {@link ones}. */
export interface CreateOptions {
  /** Default: that of a typed array; `float32` for numbers, `bool` for truth values. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of `values`: a typed array or flat list with a `shape`, or nested arrays, whose nesting gives the shape.
 * The values are copied, and converted as `cast` does. Numbers make float32, also where all are integers.
 * @throws {ShapeError} if the number of values does not fit the shape, or nested arrays are ragged.
 * @throws {DTypeError} on bigint and other things that are no numbers, and typed arrays of other element types.
 * Source: https://pytorch.org/docs/stable/generated/torch.tensor.html
 *
 * @example
 * ```ts
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(tensor([[1, 2], [3, 4]]).shape); // [2, 2]
 * console.log(tensor(Int32Array.of(1, 2)).dtype, tensor([true, false]).dtype); // "int32" "bool"
 * console.log(tensor(Float32Array.of(1, 2, 3, 4), [2, 2]).toNested()); // [[1, 2], [3, 4]]
 * ```
 */
export function tensor(values: NestedValues | TypedArray, shape?: Shape, options: CreateOptions = {}): Tensor {
  const given = dtypeOf(values);
  const leaves = given ? (values as TypedArray) : flatten(values as NestedValues, shape);
  const flat = given ? (values as TypedArray) : Array.from(leaves, Number);
  const dtype = options.dtype ?? given ?? (areTruths(leaves) ? "bool" : "float32");
  const actual = shape ?? (given ? [flat.length] : nestedShape(values as NestedValues));
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

function areTruths(flat: ArrayLike<number | boolean>): boolean {
  if (flat.length === 0) return false;
  for (let i = 0; i < flat.length; i++) if (typeof flat[i] !== "boolean") return false;
  return true;
}

function pickGrad(options: CreateOptions): TensorOptions {
  return options.requiresGrad === undefined ? {} : { requiresGrad: options.requiresGrad };
}

function nestedShape(values: NestedValues): number[] {
  const shape: number[] = [];
  for (let level: NestedValues | undefined = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(values: NestedValues, shape: Shape | undefined): (number | boolean)[] {
  if (shape && Array.isArray(values) && values.every((v) => typeof v === "number")) return values as number[];
  const nested = nestedShape(values);
  const flat: (number | boolean)[] = [];
  const visit = (level: NestedValues, axis: number): void => {
    const isArray = Array.isArray(level);
    if (!isArray && typeof level !== "number" && typeof level !== "boolean") throw noValues(level);
    const ok = isArray ? level.length === nested[axis] : axis === nested.length;
    if (!ok) throw new ShapeError({ op: "tensor", expected: "nested arrays of equal lengths", got: "ragged arrays" });
    if (!isArray) flat.push(level as number | boolean);
    else for (const inner of level) visit(inner, axis + 1);
  };
  visit(values, 0);
  return flat;
}

function noValues(got: unknown): DTypeError {
  const name = typeof got === "object" && got !== null ? got.constructor?.name : typeof got;
  return new DTypeError({
    op: "tensor",
    expected: "numbers, truth values, or a Float32Array, Float64Array, Int32Array or Uint8Array (bool)",
    got: String(name),
    help: "Convert first: Int32Array.from(values, Number) for integers, Float32Array.from(values, Number) for others.",
  });
}

/**
 * A tensor filled with zeros; float32 unless said otherwise.
 * @throws {ShapeError} if a size is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.zeros.html
 *
 * @example
 * ```ts
 * import { zeros } from "@graftjs/tensor";
 *
 * console.log(zeros([2, 3]).toNested()); // [[0, 0, 0], [0, 0, 0]]
 * ```
 */
export function zeros(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("zeros", shape, 0, options);
}

/**
 * A tensor filled with ones; float32 unless said otherwise.
 * @throws {ShapeError} if a size is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.ones.html
 *
 * @example
 * ```ts
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(ones([2, 3]).toNested()); // [[1, 1, 1], [1, 1, 1]]
 * console.log(ones([2], { dtype: "int32" }).dtype); // "int32"
 * ```
 */
export function ones(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("ones", shape, 1, options);
}

function filled(op: string, shape: Shape, value: number, options: CreateOptions): Tensor {
  checkShape(op, shape);
  const dtype = options.dtype ?? "float32";
  const data = allocate(dtype, numel(shape));
  if (value !== 0) data.fill(value);
  return new Tensor([...shape], dtype, new Storage(dtype, data), pickGrad(options));
}
