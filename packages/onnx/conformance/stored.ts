import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { permute, type Tensor, tensor } from "@graftjs/tensor";
import { type TensorData, tensorData } from "../src/tensorData.ts";
import { fields } from "../src/wire.ts";

/** A value as the suites store it: a tensor, a sequence of such, or nothing (an empty optional). */
export type Stored = TensorData | readonly Stored[] | null;

/** The type that a graph declares for a value. */
export type ValueKind = "tensor" | "sequence" | "optional";

/** A value of a file of the ONNX backend tests. */
export function readStored(path: string, kind: ValueKind): Stored {
  return decodeStored(path, bytesOf(path), kind);
}

function decodeStored(where: string, bytes: Uint8Array, kind: ValueKind): Stored {
  if (kind === "tensor") return tensorData(where, bytes, undefined);
  // SequenceProto and OptionalProto: tensors are field 3, sequences field 5.
  const parts = [...fields(bytes)].flatMap(({ number, valueStart, end }) => {
    const value = bytes.subarray(valueStart, end);
    return number === 3 || number === 5 ? [decodeStored(where, value, number === 3 ? "tensor" : "sequence")] : [];
  });
  return kind === "sequence" ? parts : (parts[0] ?? null);
}

/** A file of tensors by its name without the number; in order of the numbers, `undefined` where one is missing. */
export function readTensor(folder: string, name: string): TensorData | undefined {
  const path = join(folder, `${name}.pb`);
  return existsSync(path) ? (readStored(path, "tensor") as TensorData) : undefined;
}

/** A NumPy file: floats become float32, integers int32. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function readNpy(path: string): Tensor {
  const bytes = Buffer.from(bytesOf(path));
  const [lengthBytes, at] = bytes[6] === 1 ? [2, 10] : [4, 12];
  const start = at + bytes.readUIntLE(8, lengthBytes);
  const header = bytes.toString("latin1", at, start);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((d) => d.trim() !== "")
    .map(Number);
  const type = /'descr': '[<|]([a-z]\d)'/.exec(header)?.[1] ?? "";
  const make = arrays[type];
  if (!make) throw new Error(`${path}: an array as ${header.trim()} is not read`);
  const elements = make(new Uint8Array(bytes.subarray(start)).buffer);
  // NumPy writes a transposed array as it lies, the first axis fastest.
  const columnsFirst = header.includes("'fortran_order': True");
  if (!columnsFirst) return tensor(elements, shape);
  return permute(tensor(elements, shape.toReversed()), [...shape.keys()].reverse());
}

const arrays: Readonly<Record<string, (buffer: ArrayBuffer) => Float32Array | Int32Array | Uint8Array>> = {
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => Float32Array.from(new Float64Array(buffer)),
  i4: (buffer) => new Int32Array(buffer),
  i8: (buffer) => Int32Array.from(new BigInt64Array(buffer), Number),
  b1: (buffer) => new Uint8Array(buffer),
};

export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
