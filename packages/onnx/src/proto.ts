import onnxProto from "onnx-proto";
import { InvalidModelError } from "./errors.ts";

/** The message types of the ONNX schema. */
export const proto: typeof onnxProto.onnx = onnxProto.onnx;

/**
 * Decodes one message that lies alone in `bytes`.
 * @throws {InvalidModelError} naming `where`, if the bytes are no such message.
 */
export function decode<T>(where: string, type: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch (cause) {
    throw new InvalidModelError(where, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** An integer field: protobufjs gives 64-bit ones as `Long` where that package is present, as a number elsewhere. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return (value as { toNumber(): number } | null | undefined)?.toNumber() ?? 0;
}

const decoder = new TextDecoder();

/** A `bytes` field that holds UTF-8 text. */
export function toText(bytes: Uint8Array | null | undefined): string {
  return bytes ? decoder.decode(bytes) : "";
}
