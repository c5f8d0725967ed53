import { type WasmDevice, wasm } from "@graftjs/wasm";
import { UsageError } from "./errors.ts";

/** The WASM device with the threads that `--threads` asks for; as many as there are cores by default. */
export function openDevice(threads: string | undefined): Promise<WasmDevice> {
  if (threads === undefined) return wasm();
  const count = Number(threads);
  if (!Number.isInteger(count) || count < 1 || count > 64) {
    throw new UsageError(`--threads takes an integer from 1 to 64, got "${threads}".`);
  }
  return wasm({ threads: count });
}
