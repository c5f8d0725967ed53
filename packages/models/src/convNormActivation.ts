import { BatchNorm2d, type BatchNormOptions, Conv2d, kaimingNormal, type Module, Sequential } from "@graftjs/nn";
import type { Draw } from "./classifier.ts";

export interface ConvNormActivationOptions extends BatchNormOptions {
  /** Size of the kernel, odd: padding keeps the size of the image. */
  readonly size: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default 1. */
  readonly groups?: number;
  /** What makes the activation; none by default. */
  readonly activation?: () => Module;
}

/** A convolution without bias that keeps height and width (divided by the stride), at first Kaiming-normal by fan-out. */
export function convolution(input: number, output: number, options: ConvNormActivationOptions, draw: Draw): Conv2d {
  const { size, stride = 1, groups = 1 } = options;
  return new Conv2d(input, output, size, {
    stride,
    padding: (size - 1) / 2,
    groups,
    bias: false,
    initialize: (shape) => kaimingNormal(shape, { mode: "fanOut", ...draw }),
  });
}

/** Convolution, batch normalisation, activation, named `0`, `1`, `2`. */
export function convNormActivation(
  input: number,
  output: number,
  options: ConvNormActivationOptions,
  draw: Draw,
): Sequential {
  const norm = new BatchNorm2d(output, options);
  const layers = [convolution(input, output, options, draw), norm];
  return new Sequential(...layers, ...(options.activation ? [options.activation()] : []));
}

/** The multiple of `divisor` next to `channels`, but not less than 0.9 of it. */
export function makeDivisible(channels: number, divisor = 8): number {
  const near = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return near < 0.9 * channels ? near + divisor : near;
}
