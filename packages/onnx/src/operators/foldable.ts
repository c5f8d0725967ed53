import { numel, referenceDevice, type Tensor, withRuntime } from "@graftjs/tensor";
import { type Constant, constant, folds, rounding } from "../constant.ts";
import type { Inputs, Run } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";

/** What `fn` computes, at once and on the reference device, also inside of a trace; as constants. */
export function evaluate(
  fn: () => Tensor | readonly Tensor[],
  dtype: (output: number) => OnnxDType,
): readonly Constant[] {
  const results = withRuntime({ tracer: null, scope: null, device: referenceDevice, gradEnabled: false }, () =>
    [fn()].flat(),
  );
  return results.map((y, i) => constant(Array.from(y.toArray(), rounding(dtype(i))), y.shape, dtype(i)));
}

/**
 * A run in ops on tensors that is evaluated at once where all of its inputs are constants: for operators that are seldom part
 * of shape arithmetic, so that a second way, on plain numbers, is not worth it.
 * @param dtypes of the outputs, or the place of the input that has the same; by default that of the first input.
 */
export function foldable(
  run: (inputs: Inputs) => Tensor | readonly Tensor[],
  dtypes: readonly (OnnxDType | number)[] = [],
): Run {
  return (inputs) => {
    const given = Array.from({ length: inputs.count }, (_, i) => i).filter((i) => inputs.has(i));
    const size = given.reduce((total, i) => total + numel(inputs.shape(i)), 0);
    const values = given.map((i) => inputs.value(i));
    if (!folds(values, size)) return run(inputs);
    return evaluate(
      () => run(inputs),
      (output) => {
        const dtype = dtypes[output] ?? 0;
        return typeof dtype === "number" ? inputs.constant(dtype).dtype : dtype;
      },
    );
  };
}
