import {
  ArgumentError,
  broadcastShapes,
  broadcastStrides,
  type DType,
  equalShapes,
  formatShape,
  numel,
  type Shape,
  ShapeError,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { InvalidModelError } from "./errors.ts";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./halfFloat.ts";
import type { OnnxDType, TensorData } from "./tensorData.ts";

/**
 * A value that is known when the graph is traced: a shape, an axis, an index, a bound. Arithmetic on constants happens on
 * plain numbers at once, so that shape arithmetic costs nothing at run time, and batch and other sizes stay dynamic.
 */
export interface Constant {
  readonly constant: true;
  readonly dims: Shape;
  readonly dtype: OnnxDType;
  /** Row-major; integers beyond 2^53 are rounded, as sentinels such as 2^63 - 1 may be. */
  readonly data: ArrayLike<number>;
}

/** What flows along an edge of the graph while it runs. */
export type Value = Tensor | Constant;

/** Constants larger than this are not folded any more but given to the device: they are data, not shapes. */
const foldLimit = 1 << 22;

/** Values that a file makes out of nothing may have this many elements. */
const largestFill = 2 ** 26;

/** What is made of data may be this many times as large, however large that is. */
const largestGrowth = 64;

/**
 * @param from elements of the data that a value of this shape is made of; by default it is made out of nothing
 * @throws {ShapeError} if a shape is negative, or absurdly large
 */
export function checkFill(op: string, shape: Shape, from = 0): void {
  const most = Math.max(largestFill, largestGrowth * from);
  // An axis is no longer for being beside an empty one.
  if (shape.every((d) => d >= 0) && numel(shape.map((d) => Math.max(d, 1))) <= most) return;
  throw new ShapeError({ op, expected: `sizes >= 0 and at most ${most} elements`, got: formatShape(shape) });
}

export function isConstant(value: Value): value is Constant {
  return "constant" in value;
}

export function shapeOf(value: Value): Shape {
  return isConstant(value) ? value.dims : value.shape;
}

export function constant(data: ArrayLike<number>, dims: Shape, dtype: OnnxDType): Constant {
  return { constant: true, dims, dtype, data };
}

/** A 1-d int64 constant, as operators on shapes give it. */
export function shapeConstant(sizes: readonly number[]): Constant {
  return constant(sizes, [sizes.length], "int64");
}

/** A stored tensor as a constant. @throws {InvalidModelError} if its element type has no numbers. */
export function constantOf(stored: TensorData): Constant {
  const data = stored.data();
  const numbers =
    data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
  return constant(numbers, stored.dims, stored.dtype);
}

/** Whether a type is one of floating point. */
export function isFloat(dtype: OnnxDType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16" || dtype === "bfloat16";
}

/** The type in which tensors of an ONNX type are computed with: floats as float32, integers as int32. */
export function tensorDType(dtype: OnnxDType): DType {
  return isFloat(dtype) ? "float32" : dtype === "bool" ? "bool" : "int32";
}

const tensors = new WeakMap<Constant, Tensor>();

/** A value as a tensor: floats become float32, integers int32, bool stays. @throws {InvalidModelError} beyond the range of int32. */
export function toTensor(value: Value): Tensor {
  if (!isConstant(value)) return value;
  const known = tensors.get(value);
  if (known) return known;
  const { data, dims, dtype } = value;
  const numbers = Array.from(data);
  if (!isFloat(dtype) && numbers.some((x) => x !== (x | 0))) {
    throw new InvalidModelError("constant", `an integer of type ${dtype} does not fit int32`);
  }
  const made = tensor(numbers, dims, { dtype: tensorDType(dtype) });
  tensors.set(value, made);
  return made;
}

/** Whether `size` elements can be worked out at once. */
export function fewEnough(size: number): boolean {
  return size <= foldLimit;
}

/** Whether all values are constants, and `size` elements few enough to be worked out at once. */
export function folds(values: readonly Value[], size: number): values is readonly Constant[] {
  return fewEnough(size) && values.every(isConstant);
}

/** Whether all values are constants, and few enough elements once they are broadcast together. */
export function foldTogether(values: readonly Value[]): values is readonly Constant[] {
  return values.every(isConstant) && fewEnough(numel(broadcastShapes("constant", ...values.map(({ dims }) => dims))));
}

/** `fn` of the elements of constants that broadcast together. */
export function mapConstants(
  operands: readonly Constant[],
  dtype: OnnxDType,
  fn: (...elements: number[]) => number,
): Constant {
  const dims = broadcastShapes("constant", ...operands.map((c) => c.dims));
  const readers = operands.map((c) =>
    equalShapes(c.dims, dims) ? c.data : gather(c, dims, broadcastStrides(c.dims, dims)).data,
  );
  const rounded = rounding(dtype);
  const data = new Float64Array(numel(dims));
  // Spread arguments are slow, and there are three operands at most.
  const [a, b, c] = readers;
  for (let i = 0; i < data.length; i++) {
    const x = a?.[i] as number;
    if (b === undefined) data[i] = rounded(fn(x));
    else if (c === undefined) data[i] = rounded(fn(x, b[i] as number));
    else data[i] = rounded(fn(x, b[i] as number, c[i] as number));
  }
  return constant(data, dims, dtype);
}

const roundings: Partial<Record<OnnxDType, (x: number) => number>> = {
  bool: (x) => Number(x !== 0),
  float16: (x) => float16ToFloat32(float32ToFloat16(Float32Array.of(x)))[0] as number,
  bfloat16: (x) => bfloat16ToFloat32(float32ToBfloat16(Float32Array.of(x)))[0] as number,
  float32: Math.fround,
  float64: (x) => x,
  int8: (x) => (x << 24) >> 24,
  uint8: (x) => x & 0xff,
  int16: (x) => (x << 16) >> 16,
  uint16: (x) => x & 0xffff,
  int32: (x) => x | 0,
  uint32: (x) => x >>> 0,
  int64: whole,
  uint64: (x) => (x < 0 ? whole(x) + 2 ** 64 : whole(x)),
};

/** What no integer stands for, such as what a division by zero gives, is 0, as it is in 32 bits. */
function whole(x: number): number {
  return Number.isFinite(x) ? Math.trunc(x) : 0;
}

/** How results are brought into the range of a type: floats are rounded, integers of up to 32 bits wrap around. */
export function rounding(dtype: OnnxDType): (x: number) => number {
  return roundings[dtype] ?? whole;
}

/** The smallest and the largest element of a type. */
export function rangeOf(dtype: OnnxDType): readonly [low: number, high: number] {
  if (dtype === "bool") return [0, 1];
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(dtype) ?? [];
  if (bits === undefined) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const count = 2 ** Number(bits);
  return unsigned ? [0, count - 1] : [-count / 2, count / 2 - 1];
}

/** The elements at `start` + multiples of `strides`, in row-major order of `dims`: slices, transposes and broadcasts alike. */
export function gather(source: Constant, dims: Shape, strides: readonly number[], start = 0): Constant {
  const data = new Float64Array(numel(dims));
  let next = 0;
  const visit = (axis: number, offset: number): void => {
    const [length, step] = [dims[axis] ?? 1, strides[axis] ?? 0];
    const isLast = axis >= dims.length - 1;
    for (let i = 0; i < length; i++) {
      if (isLast) data[next++] = source.data[offset + i * step] as number;
      else visit(axis + 1, offset + i * step);
    }
  };
  if (data.length > 0) visit(0, start);
  return constant(data, dims, source.dtype);
}

/** Constants joined along `axis`. @throws {ShapeError} if their other sizes differ */
export function concatConstants(parts: readonly Constant[], axis: number): Constant {
  const [first] = parts as readonly [Constant];
  const others = ({ dims }: Constant): string => formatShape(dims.toSpliced(axis, 1));
  if (parts.some((part) => part.dims.length !== first.dims.length || others(part) !== others(first))) {
    const expected = `the sizes ${formatShape(first.dims)} on all axes but ${axis}`;
    throw new ShapeError({ op: "Concat", expected, got: parts.map(({ dims }) => formatShape(dims)).join(", ") });
  }
  const dims = first.dims.map((d, i) =>
    i === axis ? parts.reduce((sum, part) => sum + (part.dims[i] as number), 0) : d,
  );
  const outer = numel(dims.slice(0, axis));
  const data = new Float64Array(numel(dims));
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const part of parts) {
      const length = part.data.length / outer;
      for (let i = 0; i < length; i++) data[at++] = part.data[o * length + i] as number;
    }
  }
  return constant(data, dims, first.dtype);
}

/** @throws {ArgumentError} unless the indices, of which the last axis belongs to `sizes`, name places there, maybe from the end */
export function checkIndices(op: string, indices: ArrayLike<number>, sizes: Shape): void {
  for (let i = 0; i < indices.length; i++) {
    const [index, size] = [indices[i] as number, sizes[i % sizes.length] as number];
    if (Number.isInteger(index) && index >= -size && index < size) continue;
    throw new ArgumentError({ op, expected: `indices into ${size} places`, got: String(index) });
  }
}

/** The entries of `source` along `axis` that `indices` name. @throws {ArgumentError} if there is no such entry */
export function selectConstants(source: Constant, indices: readonly number[], axis: number, at: Shape): Constant {
  checkIndices("Gather", indices, [source.dims[axis] as number]);
  const dims = [...source.dims.slice(0, axis), ...at, ...source.dims.slice(axis + 1)];
  const [outer, inner] = [numel(source.dims.slice(0, axis)), numel(source.dims.slice(axis + 1))];
  const data = new Float64Array(numel(dims));
  let next = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      const from = (o * (source.dims[axis] as number) + index) * inner;
      for (let i = 0; i < inner; i++) data[next++] = source.data[from + i] as number;
    }
  }
  return constant(data, dims, source.dtype);
}
