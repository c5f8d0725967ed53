import { runtime, withRuntime } from "../runtime.ts";

/** Runs `fn` without recording for `backward`: what it computes does not require gradients. */
export function noGrad<T>(fn: () => T): T {
  return withRuntime({ gradEnabled: false }, fn);
}

/** Whether ops are being recorded for `backward`. */
export function isGradEnabled(): boolean {
  return runtime().gradEnabled;
}
