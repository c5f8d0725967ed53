import { broadcastStrides, matmulGeometry, numel, type Value } from "@graftjs/tensor";
import { type CallOf, type Emitter, nth, shapeOf } from "./emitter.ts";
import { activation } from "./epilogue.ts";
import { collapse } from "./layout.ts";

/** As in assembly/gemm.ts. */
const DIRECT_ROWS = 24;
const DOT_SIDE = 64;

/** Up to this many rows. */
const PACKED_ROWS = 256;

/** Columns in a panel of a packed weight. */
const PANEL = 8;

/** Columns and rows of the second operand as it is multiplied. */
function sidesOf({ attrs, inputs }: CallOf<"matmul">): readonly [n: number, k: number] {
  const [rows, columns] = shapeOf(inputs, 1).slice(-2) as [number, number];
  return attrs.transposeB ? [rows, columns] : [columns, rows];
}

/**
 * Whether a constant weight is packed once. Fewer rows of the other operand read it where it lies, or take dot products;
 * of more, packing at each run is less than a fiftieth of the work, not worth the memory of a second form.
 */
function isPacked({ attrs, inputs }: CallOf<"matmul">): boolean {
  const { m, n } = matmulGeometry(attrs, (inputs[0] as Value).spec, (inputs[1] as Value).spec);
  const takesDots = attrs.transposeB && !attrs.transposeA && Math.min(m, n) <= DOT_SIDE;
  return m > DIRECT_ROWS && m <= PACKED_ROWS && !takesDots;
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
  emit: ({ attrs, inputs }, at, commands) => {
    const [a, b] = [(inputs[0] as Value).spec, (inputs[1] as Value).spec];
    const { m, n, k, batch } = matmulGeometry(attrs, a, b);
    const { epilogue } = attrs;
    const bias = epilogue?.bias ? nth(at.inputs, 2) : 0;
    const residual = epilogue?.residual ? (at.inputs.at(-1) as number) : 0;
    const flags = Number(attrs.transposeA) + 2 * Number(attrs.transposeB);
    const strides = (shape: readonly number[]): number[] => broadcastStrides(shape.slice(0, -2), batch);
    // The innermost batch axis is the kernel's own loop; those around it become commands.
    const {
      sizes,
      strides: [stepsA = [], stepsB = []],
    } = collapse(batch, strides(a.shape), strides(b.shape));
    const inner = sizes.at(-1) ?? 1;
    const [strideA, strideB] = [m * k * (stepsA.at(-1) ?? 0), k * n * (stepsB.at(-1) ?? 0)];
    const packedSize = Math.ceil(n / PANEL) * PANEL * k;
    const outer = sizes.slice(0, -1);
    for (let i = 0; i < numel(outer); i++) {
      let [offsetA, offsetB] = [0, 0];
      for (let axis = outer.length - 1, rest = i; axis >= 0; axis--) {
        const size = outer[axis] as number;
        offsetA += (rest % size) * (stepsA[axis] as number);
        offsetB += (rest % size) * (stepsB[axis] as number);
        rest = Math.floor(rest / size);
      }
      const offset = 4 * i * inner * m * n;
      commands.add("gemm", inner * m * n * (k * 0.045 + 0.3), [
        ...[
          nth(at.inputs, 0) + 4 * m * k * offsetA,
          nth(at.inputs, 1) + 4 * k * n * offsetB,
          nth(at.outputs, 0) + offset,
        ],
        ...[m, n, k, flags, inner, strideA, strideB, bias, residual && residual + offset],
        ...activation(epilogue),
        0,
        at.prepared && at.prepared + 4 * packedSize * offsetB,
      ]);
    }
  },
};
