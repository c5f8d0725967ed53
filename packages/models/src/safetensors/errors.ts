import { GraftError } from "@graftjs/tensor";

/**
 * Bytes that are not a safetensors file, or one that holds what cannot be read.
 *
 * @example
 * ```ts
 * import { readSafetensors, SafetensorsError } from "@graftjs/models";
 *
 * try {
 *   readSafetensors(Uint8Array.of(1, 2, 3));
 * } catch (error) {
 *   if (error instanceof SafetensorsError) console.log(error.expected); // "a safetensors file of at least 8 bytes"
 * }
 * ```
 */
export class SafetensorsError extends GraftError {}

/** A {@link SafetensorsError} in one sentence. */
export function fail(expected: string, got: string, help?: string): SafetensorsError {
  const details = { op: "safetensors", expected, got, ...(help !== undefined && { help }) };
  return new SafetensorsError(`safetensors: expected ${expected}, got ${got}.${help ? ` ${help}` : ""}`, details);
}
