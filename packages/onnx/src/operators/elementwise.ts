import { cast, normalizeAxis, type OpName, reshape, type Tensor } from "@graftjs/tensor";
import { type Constant, foldTogether, isConstant, mapConstants, toTensor, type Value } from "../constant.ts";
import { defineOperator, type ExportContext, type Inputs, int, type Operator } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";
import { wrapAround } from "./cast.ts";

/** `fn` of one element, for constants, and of whole tensors. */
export interface Unary {
  readonly number: (x: number) => number;
  readonly tensor: (x: Tensor) => Tensor;
}

/** As {@link Unary}, of two operands that broadcast together. */
export interface Binary {
  readonly number: (x: number, y: number, dtype: OnnxDType) => number;
  readonly tensor: (x: Tensor, y: Tensor) => Tensor;
  /** Results are bool whatever the operands are. */
  readonly compares?: boolean;
}

export function applyUnary(value: Value, fn: Unary): Value {
  if (isConstant(value)) return mapConstants([value], value.dtype, fn.number);
  return fn.tensor(value);
}

export function applyBinary(a: Value, b: Value, { number, tensor, compares = false }: Binary): Value {
  const operands = [a, b] as const;
  if (foldTogether(operands)) {
    const [{ dtype }] = operands as readonly [Constant, Constant];
    return mapConstants(operands, compares ? "bool" : dtype, (x, y) => number(x as number, y as number, dtype));
  }
  // A constant takes the other operand's type: an int64 scale beside an int32 tensor, a double beside a float.
  const [x, y] = [toTensor(a), toTensor(b)];
  if (x.dtype === y.dtype) return tensor(x, y);
  return isConstant(a) ? tensor(cast(x, y.dtype), y) : tensor(x, cast(y, x.dtype));
}

/** An operator of one input without attributes, as which `op` is written. */
export function unary(opType: string, since: readonly number[], fn: Unary, op?: OpName): Operator {
  const exports: Operator["exports"] = op
    ? { [op]: (context: ExportContext) => exportNode(context, opType, since) }
    : {};
  return defineOperator({ opType, since, exports, import: () => (inputs) => applyUnary(inputs.value(0), fn) });
}

/**
 * An operator of two inputs that broadcast together, as which `op` is written. Below operator set 7, where `broadcast` is set, the
 * second is as if it had axes of size 1 behind it, so that its first stands at `axis`.
 */
export function binary(opType: string, since: readonly number[], fn: Binary, op?: OpName): Operator {
  const exports: Operator["exports"] = op
    ? { [op]: (context: ExportContext) => exportNode(context, opType, since) }
    : {};
  return defineOperator({
    opType,
    since,
    exports,
    attributes: { broadcast: int(0), axis: int(undefined) },
    import:
      ({ attributes: { axis } }) =>
      (inputs) => {
        const y = applyBinary(...operandsAt(inputs, axis), fn);
        return isConstant(y) ? y : wrapAround(y, inputs.declared(0) ?? inputs.declared(1));
      },
  });
}

/** Both operands; if there is an axis, the first of the second one stands there. */
export function operandsAt(inputs: Inputs, axis: number | undefined): [Value, Value] {
  const [x, y] = [inputs.value(0), inputs.value(1)];
  return [x, axis === undefined ? y : standingAt(y, axis, inputs.shape(0).length)];
}

/** An operand with axes of size 1 behind its own, of which the first then is `axis` of `rank`. */
function standingAt(value: Value, axis: number, rank: number): Value {
  const dims = isConstant(value) ? value.dims : value.shape;
  const behind = rank - normalizeAxis("broadcast", axis, rank) - dims.length;
  const shape = [...dims, ...Array.from({ length: Math.max(0, behind) }, () => 1)];
  return isConstant(value) ? { ...value, dims: shape } : reshape(value, shape);
}

/** An operator of any number of inputs that broadcast together; `finish` is given what `fn` makes of them, and their number. */
export function variadic(
  opType: string,
  since: readonly number[],
  fn: Binary,
  finish: (total: Value, count: number) => Value = (total) => total,
): Operator {
  return defineOperator({
    opType,
    since,
    import: () => (inputs) => {
      let total = inputs.value(0);
      for (let i = 1; i < inputs.count; i++) total = applyBinary(total, inputs.value(i), fn);
      return finish(total, inputs.count);
    },
  });
}

/** Writes an op as the operator that does the same with its inputs. */
function exportNode({ op, opset, emit, input, reject }: ExportContext, opType: string, since: readonly number[]): void {
  const [first = 1] = since;
  if (opset < first) reject(`${opType} exists from operator set ${first} on`);
  emit(
    opType,
    op.inputs.map((_, i) => input(i)),
  );
}
