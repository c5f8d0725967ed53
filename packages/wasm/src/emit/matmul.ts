import { broadcastStrides, matmulGeometry, numel, type Value } from "@graftjs/tensor";
import { type Emitter, nth } from "./emitter.ts";
import { activation } from "./epilogue.ts";
import { collapse } from "./layout.ts";

/** Products of matrices, with bias, residual and bounds (assembly/gemm.ts): one command for each evenly spaced run of matrices. */
export const matmul: Emitter<"matmul"> = {
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
      ]);
    }
  },
};
