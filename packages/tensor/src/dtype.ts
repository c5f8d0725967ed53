/**
 * Element types. `float64` exists for the reference device (gradient checks); other devices compute in `float32`.
 * `bool` is one byte, 0 or 1. ONNX's int64 is narrowed to `int32` at import, with a range check.
 */
export type DType = "float32" | "float64" | "int32" | "bool";

/** The array type that holds elements of each dtype. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/** An array that holds the elements of a tensor. */
export type TypedArray = TypedArrays[DType];

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
} satisfies Record<DType, unknown>;

/**
 * Bytes of one element.
 *
 * @example
 * ```ts
 * import { bytesPerElement } from "@graftjs/tensor";
 *
 * console.log(bytesPerElement("float64"), bytesPerElement("bool")); // 8 1
 * ```
 */
export function bytesPerElement(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/**
 * A zero-filled array of `length` elements.
 *
 * @example
 * ```ts
 * import { allocate } from "@graftjs/tensor";
 *
 * console.log(allocate("int32", 3)); // [0, 0, 0]
 * ```
 */
export function allocate<D extends DType>(dtype: D, length: number): TypedArrays[D] {
  return new constructors[dtype](length) as TypedArrays[D];
}

/** `x` without its fraction; the nearest int32 where it is none, 0 for NaN. */
export function toInt32(x: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, x)) | 0;
}

/** A copy of `values` as elements of `dtype`, converted as `cast` does; for bool, whatever is not 0 becomes 1. */
export function arrayOf<D extends DType>(dtype: D, values: ArrayLike<number>): TypedArrays[D] {
  const data = allocate(dtype, values.length);
  if (dtype === "bool") for (let i = 0; i < data.length; i++) data[i] = values[i] !== 0 ? 1 : 0;
  else if (dtype === "int32" && !(values instanceof Int32Array)) {
    for (let i = 0; i < data.length; i++) data[i] = toInt32(values[i] as number);
  } else data.set(values);
  return data;
}

/**
 * A typed view of `length` elements over `buffer` from `byteOffset`.
 *
 * @example
 * ```ts
 * import { viewOf } from "@graftjs/tensor";
 *
 * const memory = new ArrayBuffer(16);
 * viewOf("int32", memory, 8, 2).set([1, 2]);
 * console.log(viewOf("int32", memory, 0, 4)); // [0, 0, 1, 2]
 * ```
 */
export function viewOf<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): TypedArrays[D] {
  return new constructors[dtype](buffer as ArrayBuffer, byteOffset, length) as TypedArrays[D];
}

/**
 * The dtype whose storage `array` is; `undefined` for plain arrays and other typed arrays.
 *
 * @example
 * ```ts
 * import { dtypeOf } from "@graftjs/tensor";
 *
 * console.log(dtypeOf(new Int32Array(2)), dtypeOf(new Uint8Array(2)), dtypeOf([1, 2])); // "int32" "bool" undefined
 * ```
 */
export function dtypeOf(array: unknown): DType | undefined {
  for (const dtype of Object.keys(constructors) as DType[]) {
    if (array instanceof constructors[dtype]) return dtype;
  }
  return undefined;
}

/**
 * Whether `dtype` is float32 or float64.
 *
 * @example
 * ```ts
 * import { isFloat } from "@graftjs/tensor";
 *
 * console.log(isFloat("float32"), isFloat("int32")); // true false
 * ```
 */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}
