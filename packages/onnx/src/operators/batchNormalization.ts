import {
  add,
  batchNorm,
  flatten,
  type KernelAttrs,
  mul,
  type Node,
  noGrad,
  type OpName,
  reshape,
  rsqrt,
  sub,
  type Tensor,
  type Value,
} from "@graftjs/tensor";
import { defineOperator, dtypeOf, type ExportContext, float, ignored, int, type Operator } from "../operator.ts";
import { emitMean } from "./reduceMean.ts";

/**
 * In evaluation mode, and where frozen: (x - mean) / √(var + epsilon) · scale + bias with the running statistics, whatever
 * `training_mode` says. In training: with the batch's statistics, and the running ones follow them as PyTorch has it, that is
 * momentum · old + (1 - momentum) · new with the *unbiased* variance of the batch. Run by the specification, `training_mode` decides,
 * and the biased variance is taken. Statistics are those of channels, [C], or below version 9, where the file has them so (`spatial`
 * of 0), of positions, [C, ...].
 * https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export const batchNormalizationOperator: Operator = defineOperator({
  opType: "BatchNormalization",
  since: [1, 6, 7, 9, 14, 15],
  attributes: {
    epsilon: float(1e-5),
    momentum: float(0.9),
    spatial: ignored(),
    training_mode: int(0),
    is_test: ignored(),
    consumed_inputs: ignored(),
  },
  roles: { 1: "parameter", 2: "parameter", 3: "buffer", 4: "buffer" },
  exports: { batchNorm: exportStatistics },
  patterns: { add: exportBatchNorm },
  import:
    ({ attributes: { epsilon, momentum, training_mode } }) =>
    (inputs) => {
      const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => inputs.tensor(i)) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      if (inputs.bySpecification ? training_mode === 0 : !inputs.training) {
        const factor = mul(rsqrt(add(variance, epsilon)), scale);
        const shift = sub(bias, mul(mean, factor));
        const shape = [...scale.shape, ...x.shape.slice(1 + scale.rank).map(() => 1)];
        return [add(mul(x, reshape(factor, shape)), reshape(shift, shape)), mean, variance];
      }
      const byPosition = scale.rank > 1;
      const batch = byPosition
        ? batchNorm(flatten(x, 1), flatten(scale), flatten(bias), epsilon)
        : batchNorm(x, scale, bias, epsilon);
      const count = x.size / scale.size;
      const correction = inputs.bySpecification ? 1 : count / (count - 1);
      const followed = noGrad(() => {
        const next = (old: Tensor, now: Tensor): Tensor =>
          add(mul(old, momentum), mul(byPosition ? reshape(now, old.shape) : now, 1 - momentum));
        const statistics = [next(mean, batch.mean), next(variance, mul(batch.variance, correction))];
        return inputs.bySpecification ? statistics : statistics.map((value, i) => inputs.update(3 + i, value));
      });
      return [byPosition ? reshape(batch.y, x.shape) : batch.y, ...followed];
    },
});

/**
 * x · scale + shift in evaluation mode, where scale = weight / √(variance + epsilon) and shift = bias - mean · scale, all [C].
 */
function exportBatchNorm({ op, producer, isState, number, name, emit }: ExportContext): boolean {
  const made = (value: Value | undefined, by: OpName): Node | undefined => {
    const node = value && producer(value);
    return node?.op.name === by ? node : undefined;
  };
  const [scaled, shiftView] = op.inputs;
  const product = made(scaled, "mul");
  const scale = made(product?.inputs[1], "reshape")?.inputs[0];
  const shift = made(made(shiftView, "reshape")?.inputs[0], "sub");
  const factor = made(scale, "mul");
  const sum = made(made(factor?.inputs[0], "rsqrt")?.inputs[0], "add");
  const meanShift = made(shift?.inputs[1], "mul");
  const [x, weight, bias] = [product?.inputs[0], factor?.inputs[1], shift?.inputs[0]];
  const [mean, variance, epsilon] = [meanShift?.inputs[0], sum?.inputs[0], number(sum?.inputs[1])];
  const channels = [weight, bias, mean, variance];
  const fits = channels.every(
    (t) => t && isState(t) && t.spec.shape.length === 1 && t.spec.shape[0] === x?.spec.shape[1],
  );
  if (!x || !fits || epsilon === undefined || meanShift?.inputs[1] !== scale) return false;
  emit("BatchNormalization", [x, ...(channels as Value[])].map(name), { epsilon: { type: "float", value: epsilon } });
  return true;
}

/** With the statistics of what is given, over all axes but the second, written out: group and instance normalisation. */
function exportStatistics(context: ExportContext): void {
  const { op, emit, fresh, input, ints, scalar } = context;
  const { epsilon } = op.attrs as KernelAttrs["batchNorm"];
  const { length } = (op.inputs[0] as Value).spec.shape;
  const step = (opType: string, ...inputs: string[]): string => emit(opType, inputs, {}, fresh());
  const axes = Array.from({ length }, (_, i) => i).filter((i) => i !== 1);
  const column = [-1, ...axes.slice(1).map(() => 1)];
  const average = (x: string): string => emitMean(context, x, axes);
  const centered = step("Sub", input(0), average(input(0)));
  const variance = average(step("Mul", centered, centered));
  const deviation = step("Sqrt", step("Add", variance, scalar(epsilon, dtypeOf(op))));
  const scaled = step("Mul", step("Div", centered, deviation), step("Reshape", input(1), ints(column)));
  emit("Add", [scaled, step("Reshape", input(2), ints(column))]);
}
