import { linear } from "@graftjs/nn";
import { add, chunk, mul, slice, sub, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { recurrence, recurrentAttributes, recurrentRoles } from "./recurrence.ts";
import type { Activation } from "./recurrentActivation.ts";

/**
 * z = f(x · Wzᵀ + h · Rzᵀ + biases), r alike; h̃ = g(x · Whᵀ + (r · h) · Rhᵀ + biases), or, with `linear_before_reset`,
 * g(x · Whᵀ + Wbh + r · (h · Rhᵀ + Rbh)); h' = (1 - z) · h̃ + z · h. https://onnx.ai/onnx/operators/onnx__GRU.html
 */
export const gruOperator: Operator = defineOperator({
  opType: "GRU",
  since: [1, 3, 7, 14, 22],
  attributes: { ...recurrentAttributes, linear_before_reset: int(0) },
  roles: recurrentRoles,
  import: (context) => {
    const linearBeforeReset = context.attributes.linear_before_reset !== 0;
    return recurrence(context, {
      gates: 3,
      activations: ["Sigmoid", "Tanh"],
      states: [5],
      step: ({ hidden, hiddenBias }, activations) => {
        const [f, g] = activations as readonly [Activation, Activation];
        const size = hidden.shape[1] as number;
        const bias = (from: number, to: number): Tensor | null => hiddenBias && slice(hiddenBias, 0, from, to);
        const rows = (from: number, to: number, h: Tensor): Tensor =>
          linear(h, slice(hidden, 0, from, to), bias(from, to));
        return (input, [h]) => {
          const last = h as Tensor;
          const [inputZ, inputR, inputH] = chunk(input, 3, 1) as [Tensor, Tensor, Tensor];
          const fromHidden = rows(0, linearBeforeReset ? 3 * size : 2 * size, last);
          const [hiddenZ, hiddenR, hiddenH] = chunk(fromHidden, linearBeforeReset ? 3 : 2, 1) as [
            Tensor,
            Tensor,
            Tensor,
          ];
          const z = f(add(inputZ, hiddenZ));
          const r = f(add(inputR, hiddenR));
          const candidate = g(
            add(inputH, linearBeforeReset ? mul(r, hiddenH) : rows(2 * size, 3 * size, mul(r, last))),
          );
          return [add(candidate, mul(z, sub(last, candidate)))];
        };
      },
    });
  },
});
