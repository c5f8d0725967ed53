import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { NDArray, Op, Sample } from "../op.ts";
import { broadcastShapes, broadcastStrides, type Shape } from "../shape.ts";
import type { ElementwiseName } from "./names.ts";

export interface ElementwiseDefinition<A> {
  readonly name: ElementwiseName;
  readonly arity: 1 | 2 | 3;
  /** The function of one element, in f64. Bool operands are 0 and 1. */
  readonly scalar: (x: number, y: number, z: number) => number;
  /** The function of int32 elements, where it is not `scalar`, truncated to 32 bits. */
  readonly integer?: (x: number, y: number, z: number) => number;
  /** Output dtype; by default that of the inputs, which must all be equal. */
  readonly dtype?: (attrs: A, ...inputs: DType[]) => DType;
  /** Input dtypes taken. Default: float and int32. */
  readonly accepts?: readonly DType[];
  readonly grad?: Op<A>["grad"];
  readonly samples: readonly Sample<A>[];
}

const numeric: readonly DType[] = ["float32", "float64", "int32"];
/** Dtypes of ops that only make sense on floats. */
export const floats: readonly DType[] = ["float32", "float64"];

/** An op whose inputs broadcast together and whose output element i depends on elements i alone. */
export function defineElementwise<A = object>(definition: ElementwiseDefinition<A>): Op<A> {
  const {
    name,
    arity,
    scalar,
    integer = scalar,
    grad,
    samples,
    accepts = numeric,
    dtype = sameDType(name, accepts),
  } = definition;
  return {
    name,
    kind: "elementwise",
    infer: (attrs, ...inputs) => {
      const out = dtype(attrs, ...inputs.map((t) => t.dtype));
      return [{ shape: broadcastShapes(name, ...inputs.map((t) => t.shape)), dtype: out }];
    },
    reference: ({ output }, ...inputs) =>
      runElementwise(arity, output.dtype === "int32" ? integer : scalar, output, inputs),
    ...(grad && { grad }),
    samples,
  };
}

function sameDType(op: string, accepts: readonly DType[]): (attrs: unknown, ...inputs: DType[]) => DType {
  return (_, first, ...rest) => {
    checkSameDType(op, accepts, first as DType, ...rest);
    return first as DType;
  };
}

/** @throws {DTypeError} unless all dtypes are the same, and one of `accepts`. */
export function checkSameDType(op: string, accepts: readonly DType[], first: DType, ...rest: readonly DType[]): void {
  if (accepts.includes(first) && rest.every((d) => d === first)) return;
  throw new DTypeError({
    op,
    expected: `inputs of one dtype out of ${accepts.join(", ")}`,
    got: [first, ...rest].join(" and "),
    help: "Convert with cast(x, dtype).",
  });
}

function runElementwise(
  arity: number,
  scalar: (x: number, y: number, z: number) => number,
  output: NDArray,
  inputs: readonly NDArray[],
): void {
  const x = reader(inputs[0], output.shape);
  const y = arity > 1 ? reader(inputs[1], output.shape) : zero;
  const z = arity > 2 ? reader(inputs[2], output.shape) : zero;
  for (let i = 0; i < output.data.length; i++) output.data[i] = scalar(x(i), y(i), z(i));
}

const zero = (): number => 0;

/** Reads element i of `array` as broadcast to `shape`. */
function reader(array: NDArray | undefined, shape: Shape): (i: number) => number {
  if (!array) return zero;
  const { data } = array;
  if (data.length === 1) return () => data[0] as number;
  const strides = broadcastStrides(array.shape, shape);
  if (array.shape.length === shape.length && array.shape.every((d, i) => d === shape[i])) {
    return (i) => data[i] as number;
  }
  return (i) => {
    let offset = 0;
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      const size = shape[axis] as number;
      offset += (rest % size) * (strides[axis] as number);
      rest = Math.floor(rest / size);
    }
    return data[offset] as number;
  };
}

/** The single output spec of an op that keeps its first input's dtype. */
export function oneOutput(shape: Shape, like: TensorSpec): readonly [TensorSpec] {
  return [{ shape, dtype: like.dtype }];
}
