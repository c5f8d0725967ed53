import { GraftError } from "@graftjs/tensor";

/** Bytes that are not a safetensors file, or one that holds what cannot be read. */
export class SafetensorsError extends GraftError {}

/** A {@link SafetensorsError} in one sentence. */
export function fail(expected: string, got: string, help?: string): SafetensorsError {
  const details = { op: "safetensors", expected, got, ...(help !== undefined && { help }) };
  return new SafetensorsError(`safetensors: expected ${expected}, got ${got}.${help ? ` ${help}` : ""}`, details);
}
