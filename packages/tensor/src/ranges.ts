import { ArgumentError } from "./errors.ts";
import { type CreateOptions, type Tensor, tensor } from "./tensor.ts";

/**
 * `[start, start + step, ...]` up to, not including, `stop`; of one number, from 0 up to it. int32 if all numbers are
 * integers, else float32, unless said otherwise.
 * @throws {ArgumentError} if the step is 0, or a number is not finite.
 * Source: https://pytorch.org/docs/stable/generated/torch.arange.html
 *
 * @example
 * ```ts
 * import { arange } from "@graftjs/tensor";
 *
 * console.log(arange(3).toNested()); // [0, 1, 2]
 * console.log(arange(1, 0, -0.25).toNested()); // [1, 0.75, 0.5, 0.25]
 * ```
 */
export function arange(start: number, stop?: number, step = 1, options: CreateOptions = {}): Tensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isFinite(length)) {
    throw new ArgumentError({
      op: "arange",
      expected: "a step that is not 0, and finite bounds",
      got: `${from}, ${to}, ${step}`,
    });
  }
  const values = Float64Array.from({ length }, (_, i) => from + i * step);
  const dtype = [from, to, step].every(Number.isInteger) ? "int32" : "float32";
  return tensor(values, [length], { dtype, ...options });
}

/**
 * `steps` numbers from `start` to `stop`, both included, evenly apart; float32 unless said otherwise.
 * @throws {ArgumentError} if `steps` is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.linspace.html
 *
 * @example
 * ```ts
 * import { linspace } from "@graftjs/tensor";
 *
 * console.log(linspace(0, 1, 5).toNested()); // [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(start: number, stop: number, steps: number, options: CreateOptions = {}): Tensor {
  return tensor(evenly("linspace", start, stop, steps), [steps], { dtype: "float32", ...options });
}

/**
 * `steps` powers of `base`, from base^start to base^stop, both included, with exponents evenly apart; float32 unless said
 * otherwise.
 * @throws {ArgumentError} if `steps` is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.logspace.html
 *
 * @example
 * ```ts
 * import { logspace } from "@graftjs/tensor";
 *
 * console.log(logspace(0, 2, 3).toNested()); // [1, 10, 100]
 * console.log(logspace(0, 4, 5, 2).toNested()); // [1, 2, 4, 8, 16]
 * ```
 */
export function logspace(start: number, stop: number, steps: number, base = 10, options: CreateOptions = {}): Tensor {
  const powers = evenly("logspace", start, stop, steps).map((exponent) => base ** exponent);
  return tensor(powers, [steps], { dtype: "float32", ...options });
}

/** Counted from the nearer end, so that both ends are exact. */
function evenly(op: string, start: number, stop: number, steps: number): Float64Array {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new ArgumentError({ op, expected: "a number of steps that is an integer >= 0", got: String(steps) });
  }
  const step = steps > 1 ? (stop - start) / (steps - 1) : 0;
  return Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + i * step : stop - (steps - 1 - i) * step,
  );
}
