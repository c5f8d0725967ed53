import { type Device, numel, referenceDevice, type Tensor, withRuntime } from "@graftjs/tensor";
import { type Constant, constant, fewEnough, folds, rounding } from "../constant.ts";
import type { Inputs, Run } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";

/** Thrown and caught here: there is too much to evaluate at once. */
class TooMuch extends Error {}

/** The reference device, for what stays small. */
const device: Device = {
  ...referenceDevice,
  compile: (graph) => {
    if (!graph.outputs.every(({ spec }) => fewEnough(numel(spec.shape)))) throw new TooMuch();
    return referenceDevice.compile(graph);
  },
};

/** What `fn` computes, at once, also inside of a trace; as constants of these types. Undefined if that is too much. */
export function evaluate(
  fn: () => Tensor | readonly Tensor[],
  dtype: (output: number) => OnnxDType,
): readonly Constant[] | undefined {
  try {
    const results = withRuntime({ tracer: null, scope: null, device, gradEnabled: false }, () => [fn()].flat());
    return results.map((y, i) => constant(Array.from(y.toArray(), rounding(dtype(i))), y.shape, dtype(i)));
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
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
  const evaluated = (inputs: Inputs): readonly Constant[] | undefined =>
    evaluate(
      () => run(inputs),
      (output) => {
        const dtype = dtypes[output] ?? 0;
        return typeof dtype === "number" ? inputs.constant(dtype).dtype : dtype;
      },
    );
  return (inputs) => {
    const given = Array.from({ length: inputs.count }, (_, i) => i).filter((i) => inputs.has(i));
    const values = given.map((i) => inputs.value(i));
    const sizes = given.map((i) => numel(inputs.shape(i)));
    return (folds(values, Math.max(...sizes)) && evaluated(inputs)) || run(inputs);
  };
}
