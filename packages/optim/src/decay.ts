import { add, mul, neg, sub, type Tensor } from "@graftjs/tensor";

/** The gradient to descend along: with `maximize` the opposite one, and with the gradient of the L2 penalty. */
export function descent(
  { grad, parameter }: { readonly grad: Tensor; readonly parameter: Tensor },
  { maximize, weightDecay }: { readonly maximize: boolean; readonly weightDecay: number },
): Tensor {
  const direction = maximize ? neg(grad) : grad;
  return weightDecay === 0 ? direction : add(direction, mul(parameter, weightDecay));
}

/** Weight decay that is decoupled from the gradient: parameter · (1 - rate · weightDecay). */
export function decayed(parameter: Tensor, rate: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? parameter : sub(parameter, mul(parameter, mul(rate, weightDecay)));
}
