import type { CheckpointScope } from "./autograd/checkpointScope.ts";
import type { Device } from "./device/contract.ts";
import type { Tracer } from "./graph/tracer.ts";
import type { Storage } from "./storage.ts";

/** The mode in which ops run. Shared by all installed copies of this package, so that their tensors mix. */
export interface Runtime {
  /** Whether ops are recorded for `backward`. */
  gradEnabled: boolean;
  /** Where eager ops run; the reference device where none was chosen. */
  device: Device | null;
  /** The trace in progress, if any: ops are recorded instead of run. */
  tracer: Tracer | null;
  /** The function that is being checkpointed, if any. */
  scope: CheckpointScope | null;
  /**
   * Takes up what gradient rules make, whose memory is given back. Not what is recorded for a gradient in its turn, nor what
   * else happens there.
   */
  made: Set<Storage> | null;
}

const key: unique symbol = Symbol.for("@graftjs/tensor/runtime@1");

/**
 * The mode in which ops run now.
 *
 * @example
 * ```ts
 * import { noGrad, runtime } from "@graftjs/tensor";
 *
 * console.log(runtime().gradEnabled, noGrad(() => runtime().gradEnabled)); // true false
 * ```
 */
export function runtime(): Runtime {
  const shared = globalThis as { [key]?: Runtime };
  shared[key] ??= { gradEnabled: true, device: null, tracer: null, scope: null, made: null };
  return shared[key];
}

/**
 * Makes `device` the one on which eager ops run from now on; `null` goes back to the reference device.
 * Compiled functions take their device by themselves.
 *
 * @example
 * ```ts
 * import { add, referenceDevice, tensor, useDevice } from "@graftjs/tensor";
 *
 * useDevice(referenceDevice);
 * console.log(add(tensor([1, 2]), 1).toNested()); // [2, 3]
 * useDevice(null);
 * ```
 */
export function useDevice(device: Device | null): void {
  runtime().device = device;
}

/**
 * Runs `fn` with `overrides` in force, and restores what was before, also when it throws.
 *
 * @example
 * ```ts
 * import { mul, tensor, withRuntime } from "@graftjs/tensor";
 *
 * const weight = tensor([1, 2], undefined, { requiresGrad: true });
 * console.log(withRuntime({ gradEnabled: false }, () => mul(weight, 2)).requiresGrad); // false
 * ```
 */
export function withRuntime<T>(overrides: Partial<Runtime>, fn: () => T): T {
  const current = runtime();
  const saved = { ...current };
  if (overrides.gradEnabled) current.made = null;
  Object.assign(current, overrides);
  try {
    return fn();
  } finally {
    Object.assign(current, saved);
  }
}
