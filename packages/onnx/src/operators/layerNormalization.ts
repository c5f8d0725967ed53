import {
  add,
  div,
  equalShapes,
  layerNorm,
  mean,
  mul,
  normalizeAxis,
  sqrt,
  sub,
  type Value,
  zeros,
} from "@graftjs/tensor";
import { defineOperator, type ExportContext, float, ignored, int, type Operator } from "../operator.ts";

/**
 * Over all axes from `axis` on, with the biased variance. The mean and 1 / √(variance + epsilon) are outputs too.
 * https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
 */
export const layerNormalizationOperator: Operator = defineOperator({
  opType: "LayerNormalization",
  since: [17],
  attributes: { axis: int(-1), epsilon: float(1e-5), stash_type: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  exports: { layerNorm: exportLayerNorm },
  import:
    ({ node, attributes: { axis, epsilon } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const weight = inputs.tensor(1);
      const first = normalizeAxis("LayerNormalization", axis, x.rank);
      const normalized = x.shape.slice(first);
      const bias = inputs.has(2) ? inputs.tensor(2) : zeros(normalized);
      // Written out where there is more to differentiate than y, or parameters broadcast.
      const alone = !node.outputs[1] && !node.outputs[2];
      if (alone && equalShapes(weight.shape, normalized) && equalShapes(bias.shape, normalized))
        return layerNorm(x, weight, bias, epsilon).y;
      const over = { axes: x.shape.map((_, i) => i).slice(first), keepDims: true };
      const center = mean(x, over);
      const centered = sub(x, center);
      const deviation = sqrt(add(mean(mul(centered, centered), over), epsilon));
      return [add(mul(div(centered, deviation), weight), bias), center, div(1, deviation)];
    },
});

/** Written out where the operator set does not have it yet. */
function exportLayerNorm({ op, opset, emit, input, float: number, fresh }: ExportContext): void {
  const { epsilon } = op.attrs as { epsilon: number };
  const rank = (op.inputs[1] as Value).spec.shape.length;
  if (opset >= 17) {
    const attributes = { axis: { type: "int", value: -rank }, epsilon: { type: "float", value: epsilon } } as const;
    return void emit("LayerNormalization", [input(0), input(1), input(2)], attributes);
  }
  const step = (opType: string, ...inputs: string[]): string => emit(opType, inputs, {}, fresh());
  // Negative axes are allowed from operator set 11 on.
  const { length } = (op.inputs[0] as Value).spec.shape;
  const axes = { type: "ints", value: Array.from({ length: rank }, (_, i) => length - rank + i) } as const;
  const average = (x: string): string =>
    emit("ReduceMean", [x], { axes, keepdims: { type: "int", value: 1 } }, fresh());
  const centered = step("Sub", input(0), average(input(0)));
  const variance = average(step("Mul", centered, centered));
  const deviation = step("Sqrt", step("Add", variance, number(epsilon)));
  emit("Add", [step("Mul", step("Div", centered, deviation), input(1)), input(2)]);
}
