import { runtime, withRuntime } from "../runtime.ts";

/**
 * Runs `fn` without recording for `backward`: what it computes does not require gradients.
 *
 * @example
 * ```ts
 * import { mul, noGrad, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, 2], undefined, { requiresGrad: true });
 * console.log(mul(weight, 2).requiresGrad, noGrad(() => mul(weight, 2)).requiresGrad); // true false
 * ```
 */
export function noGrad<T>(fn: () => T): T {
  return withRuntime({ gradEnabled: false }, fn);
}

/**
 * Whether ops are being recorded for `backward`.
 *
 * @example
 * ```ts
 * import { isGradEnabled, noGrad } from "@graftjs/tensor";
 *
 * console.log(isGradEnabled(), noGrad(() => isGradEnabled())); // true false
 * ```
 */
export function isGradEnabled(): boolean {
  return runtime().gradEnabled;
}
