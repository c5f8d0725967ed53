import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNpy } from "./stored.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "graft-npy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of NumPy's format 1.0. */
function written(descr: string, columnsFirst: boolean, shape: string, elements: ArrayBufferView): string {
  const header = `{'descr': '${descr}', 'fortran_order': ${columnsFirst ? "True" : "False"}, 'shape': ${shape}, }\n`;
  const length = Buffer.from(Uint16Array.of(header.length).buffer);
  const path = join(folder, "array.npy");
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  writeFileSync(path, Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(header), bytes]));
  return path;
}

describe("readNpy", () => {
  it("reads arrays whose last axis is the fastest, and whose first is", () => {
    const elements = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(readNpy(written("<f4", false, "(2, 3)", elements)).toNested()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(readNpy(written("<f4", true, "(2, 3)", elements)).toNested()).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  it("makes int32 of int64, and scalars of no axes", () => {
    const scalar = readNpy(written("<i8", false, "()", BigInt64Array.of(-7n)));
    expect([scalar.dtype, scalar.shape, scalar.item()]).toEqual(["int32", [], -7]);
  });

  it("refuses other types", () => {
    expect(() => readNpy(written("<c8", false, "(1,)", Float32Array.of(1, 2)))).toThrow(/c8.*is not read/);
  });
});
