import { ArgumentError } from "@graftjs/tensor";

/** What follows a layer, for {@link calculateGain}. */
export type GainOf = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/**
 * What an initialiser's standard deviation is multiplied by for the nonlinearity that follows: 1 for `linear` (also a
 * convolution) and `sigmoid`, 5/3 for `tanh`, √2 for `relu`, √(2 / (1 + slope²)) for `leakyRelu`, 3/4 for `selu`.
 * @param slope of `leakyRelu`; default 0.01. @throws {ArgumentError} for another word.
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 *
 * @example
 * ```ts
 * import { calculateGain } from "@graftjs/nn";
 *
 * console.log(calculateGain("relu"), calculateGain("tanh"), calculateGain("leakyRelu", 0.1)); // 1.4142 1.6667 1.4072
 * ```
 */
export function calculateGain(nonlinearity: GainOf, slope = 0.01): number {
  switch (nonlinearity) {
    case "linear":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + slope ** 2));
    case "selu":
      return 3 / 4;
    default:
      throw new ArgumentError({
        op: "calculateGain",
        expected: "linear, sigmoid, tanh, relu, leakyRelu or selu",
        got: String(nonlinearity),
      });
  }
}
