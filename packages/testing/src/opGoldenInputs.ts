import { isFloat, ops, type TensorSpec } from "@graftjs/tensor";
import { uniformAt } from "./random.ts";
import { sampleTensors } from "./samples.ts";

/** Ops for which PyTorch has no counterpart to compare with, each with what checks it instead. */
export const withoutGolden: { readonly [name: string]: string } = {
  randomUniform: "Philox with its published test vectors",
};

/** An op on one of its samples, with the gradient of the result with respect to each float output. */
export interface OpCase {
  readonly name: string;
  readonly attrs: unknown;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: string; readonly values: number[] }[];
  /** Which inputs a gradient is taken with respect to. */
  readonly differentiable: readonly boolean[];
  /** For each output: the seed gradient, `null` for one that has none. */
  readonly seeds: readonly (number[] | null)[];
}

/** Ops of which only the gradient of the first output is compared. */
const firstOnly = ["batchNorm", "batchNormGrad", "layerNorm", "layerNormGrad"];

/** Every op × sample that has a golden, with the values that both sides compute from. */
export function opCases(): OpCase[] {
  return Object.values(ops)
    .filter((op) => !(op.name in withoutGolden))
    .flatMap((op) =>
      op.samples.map(({ attrs, inputs }, i): OpCase => {
        const tensors = sampleTensors(inputs, { requiresGrad: true });
        const specs = op.infer(attrs, ...tensors) as readonly TensorSpec[];
        const smooth = op.grad !== undefined && specs.some((s) => isFloat(s.dtype));
        const differentiable = tensors.map((t) => smooth && t.requiresGrad);
        const seeds = specs.map(({ shape, dtype }, k) => {
          if (!differentiable.includes(true) || !isFloat(dtype) || (k > 0 && firstOnly.includes(op.name))) return null;
          const size = shape.reduce((n, d) => n * d, 1);
          return Array.from({ length: size }, (_, j) => Math.fround(2 * uniformAt(500 + k, j) - 1));
        });
        return {
          name: `${op.name}.${i}`,
          attrs,
          inputs: tensors.map((t) => ({ shape: t.shape, dtype: t.dtype, values: [...t.toArray()] })),
          differentiable,
          seeds,
        };
      }),
    );
}
