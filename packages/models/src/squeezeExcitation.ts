import { Conv2d, kaimingNormal, Module } from "@graftjs/nn";
import { globalAvgPool2d, mul, type Tensor, zeros } from "@graftjs/tensor";
import type { Draw } from "./classifier.ts";

/** What the two layers of {@link SqueezeExcitation} end in. */
export interface SqueezeExcitationActivations {
  readonly activation: (x: Tensor) => Tensor;
  readonly gate: (x: Tensor) => Tensor;
}

/**
 * y = x · gate(fc2(activation(fc1(mean of x over height and width)))), per channel; fc1 and fc2 are 1×1 convolutions
 * with biases, at first Kaiming-normal by fan-out and 0.
 * Source: Hu et al. 2017, https://arxiv.org/abs/1709.01507
 */
export class SqueezeExcitation extends Module {
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;
  readonly #activations: SqueezeExcitationActivations;

  constructor(channels: number, squeezed: number, activations: SqueezeExcitationActivations, draw: Draw) {
    super();
    this.fc1 = pointwise(channels, squeezed, draw);
    this.fc2 = pointwise(squeezed, channels, draw);
    this.#activations = activations;
  }

  forward(x: Tensor): Tensor {
    const { activation, gate } = this.#activations;
    return mul(gate(this.fc2.forward(activation(this.fc1.forward(globalAvgPool2d(x))))), x);
  }
}

function pointwise(input: number, output: number, draw: Draw): Conv2d {
  const conv = new Conv2d(input, output, 1, {
    initialize: (shape) => kaimingNormal(shape, { mode: "fanOut", ...draw }),
    ...draw,
  });
  conv.bias?.assign(zeros([output]));
  return conv;
}
