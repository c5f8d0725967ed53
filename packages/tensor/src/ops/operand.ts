import { arrayOf, type DType, isFloat } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { full } from "./full.ts";

/** Where an op takes a tensor, it also takes a number, which gets the other operand's dtype if that can hold it. */
export type Operand = Tensor | number;

/** Kinds of values, from the narrowest: what has a wider kind decides. */
const kinds: readonly DType[] = ["bool", "int32", "float32", "float64"];
const kindOf = (dtype: DType): number => Math.min(kinds.indexOf(dtype), 2);

/**
 * The dtype in which operands of different ones meet: the widest of bool, int32, float32, float64. As in PyTorch, numbers
 * and tensors without axes count only where their kind (bool, integer, float) is wider than that of all other tensors.
 * An integral number is an integer, any other number a float; numbers alone make float32.
 * @throws {DTypeError} on an integral number outside of int32 beside int32 or bool tensors alone.
 * Source: https://pytorch.org/docs/stable/generated/torch.result_type.html
 *
 * @example
 * ```ts
 * import { arange, resultType, tensor } from "@graftjs/tensor";
 *
 * console.log(resultType(tensor([true]), tensor([1], undefined, { dtype: "int32" }))); // "int32"
 * console.log(resultType(arange(3), 0.5)); // "float32"
 * ```
 */
export function resultType(...list: readonly Operand[]): DType {
  let [widest, widestScalar, number]: [DType | null, DType | null, DType | null] = [null, null, null];
  for (const x of list) {
    if (typeof x === "number") {
      if (number === null || !Number.isInteger(x)) number = Number.isInteger(x) ? "int32" : "float32";
    } else if (x.rank === 0) widestScalar = wider(widestScalar, x.dtype);
    else widest = wider(widest, x.dtype);
  }
  const tensors = widerKind(widest, widestScalar);
  if (tensors === null) return "float32";
  const dtype = widerKind(tensors, number) as DType;
  if (!isFloat(dtype)) for (const x of list) if (typeof x === "number") checkInteger(x);
  return dtype;
}

function wider(a: DType | null, b: DType): DType {
  return a === null || kinds.indexOf(b) > kinds.indexOf(a) ? b : a;
}

/** `b` where its kind is wider than that of `a`, else `a`. */
function widerKind(a: DType | null, b: DType | null): DType | null {
  if (a === null || b === null) return a ?? b;
  return kindOf(b) > kindOf(a) ? b : a;
}

function checkInteger(x: number): void {
  if (arrayOf("int32", [x])[0] === x) return;
  throw new DTypeError({
    op: "operand",
    expected: "a number that int32 can hold",
    got: String(x),
    help: 'Convert the tensor first, with cast(x, "float32").',
  });
}

/** Operands as tensors of one dtype, {@link resultType}; numbers become scalars. @throws {DTypeError} as that does. */
export function operands(...list: readonly Operand[]): Tensor[] {
  const [x, y] = list;
  // By far the most frequent case, without the way through the rules.
  if (list.length === 2 && isTensor(x) && isTensor(y) && x.dtype === y.dtype) return [x, y];
  return as(resultType(...list), list);
}

/** As {@link operands}, for what has no integer result: int32 and bool become float32. */
export function floatOperands(...list: readonly Operand[]): Tensor[] {
  const dtype = resultType(...list);
  return as(isFloat(dtype) ? dtype : "float32", list);
}

/** `x`, or its values as float32 if it is int32 or bool. */
export function floating(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : cast(x, "float32");
}

/** Operands as bools: whether they are not 0. */
export function truths(...list: readonly Operand[]): Tensor[] {
  return list.map((x) => (isTensor(x) ? cast(x, "bool") : full([], x, { dtype: "bool" })));
}

function as(dtype: DType, list: readonly Operand[]): Tensor[] {
  return list.map((x) => (isTensor(x) ? cast(x, dtype) : full([], x, { dtype })));
}
