import {
  type MatmulGeometry,
  type MatrixView,
  matmulGeometry,
  numel,
  stridesOf,
  type TensorSpec,
  type Value,
} from "@graftjs/tensor";
import { type CallOf, type Emitter, nth, shapeOf } from "./emitter.ts";
import { activation } from "./epilogue.ts";
import { batchStrides, collapse, eachMatrix } from "./layout.ts";

/** As in assembly/gemm.ts. */
const DIRECT_ROWS = 24;
const DOT_SIDE = 64;

/** Up to this many rows. */
const PACKED_ROWS = 256;

/** Columns in a panel of a packed weight. */
const PANEL = 8;

function contiguous(shape: readonly number[]): MatrixView {
  return { shape, strides: stridesOf(shape) };
}

/** Both operands, as they lie in memory. */
function operandsOf({ attrs, inputs }: CallOf<"matmul">): readonly [a: MatrixView, b: MatrixView] {
  return [attrs.viewA ?? contiguous(shapeOf(inputs, 0)), attrs.viewB ?? contiguous(shapeOf(inputs, 1))];
}

function geometryOf(call: CallOf<"matmul">): MatmulGeometry {
  const { dtype } = (call.outputs[0] as Value).spec;
  const [a, b] = operandsOf(call).map(({ shape }) => ({ shape, dtype })) as [TensorSpec, TensorSpec];
  return matmulGeometry(call.attrs, a, b);
}

/** Columns and rows of the second operand as it is multiplied. */
function sidesOf({ attrs, inputs }: CallOf<"matmul">): readonly [n: number, k: number] {
  const [rows, columns] = shapeOf(inputs, 1).slice(-2) as [number, number];
  return attrs.transposeB ? [rows, columns] : [columns, rows];
}

/**
 * Whether a constant weight is packed once. Fewer rows of the other operand read it where it lies, or take dot products;
 * of more, packing at each run is less than a fiftieth of the work, not worth the memory of a second form.
 */
function isPacked(call: CallOf<"matmul">): boolean {
  const { attrs } = call;
  const { m, n } = geometryOf(call);
  const takesDots = attrs.transposeB && !attrs.transposeA && Math.min(m, n) <= DOT_SIDE;
  return m > DIRECT_ROWS && m <= PACKED_ROWS && !takesDots && !attrs.viewB;
}

/** Products of matrices, with bias, residual and bounds (assembly/gemm.ts): one command for each evenly spaced run of matrices. */
export const matmul: Emitter<"matmul"> = {
  prepare: {
    input: 1,
    onlyConstant: true,
    bytes: (call) => {
      const shape = shapeOf(call.inputs, 1);
      const [n, k] = sidesOf(call);
      return isPacked(call) ? 4 * numel(shape.slice(0, -2)) * Math.ceil(n / PANEL) * PANEL * k : 0;
    },
    emit: (call, at, commands) => {
      const [n, k] = sidesOf(call);
      const count = numel(shapeOf(call.inputs, 1).slice(0, -2));
      const record = [nth(at.inputs, 1), at.prepared, n, k, Number(call.attrs.transposeB), count, n * k];
      commands.add("gemmPackB", count * n * k, record);
    },
  },
  emit: (call, at, commands) => {
    const { attrs } = call;
    const { m, n, k, batch } = geometryOf(call);
    const { epilogue } = attrs;
    const bias = epilogue?.bias ? nth(at.inputs, 2) : 0;
    const residual = epilogue?.residual ? (at.inputs.at(-1) as number) : 0;
    const flags = Number(attrs.transposeA) + 2 * Number(attrs.transposeB);
    const [a, b] = operandsOf(call);
    const c = attrs.viewOutput ?? contiguous([...batch, m, n]);
    const packedSize = Math.ceil(n / PANEL) * PANEL * k;
    const layout = collapse(batch, ...[a, b, c].map((view) => batchStrides(view, batch)));
    eachMatrix(layout, (inner, offsets, steps) => {
      const [offsetA, offsetB, offsetC] = offsets as [number, number, number];
      commands.add("gemm", inner * m * n * (k * 0.045 + 0.3), [
        ...[nth(at.inputs, 0) + 4 * offsetA, nth(at.inputs, 1) + 4 * offsetB, nth(at.outputs, 0) + 4 * offsetC],
        ...[m, n, k, flags, inner, nth(steps, 0), nth(steps, 1), bias, residual && residual + 4 * offsetC],
        ...activation(epilogue),
        0,
        at.prepared && at.prepared + 4 * packedSize * (offsetB / (k * n)),
        ...[a, b, c].map(({ strides }) => strides.at(-2) as number),
        nth(steps, 2),
      ]);
    });
  },
};
