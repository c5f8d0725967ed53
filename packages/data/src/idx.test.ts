import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { IdxError } from "./errors.ts";
import { readIdx, readMnist } from "./idx.ts";

/** An IDX file of big-endian numbers. */
function idx(type: number, shape: readonly number[], bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.of(0, 0, type, shape.length, ...sizes, ...bytes);
}

describe("readIdx", () => {
  it("reads bytes of any rank", async () => {
    const file = idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 255]);
    expect(await readIdx(file)).toEqual({ dtype: "uint8", shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
  });

  it("unpacks gzip", async () => {
    const file = Uint8Array.from(gzipSync(idx(8, [2], [7, 8])));
    expect((await readIdx(file)).data).toEqual(Uint8Array.of(7, 8));
  });

  it("reads big-endian numbers of every type", async () => {
    expect((await readIdx(idx(9, [1], [255]))).data).toEqual(Int8Array.of(-1));
    expect((await readIdx(idx(11, [1], [1, 2]))).data).toEqual(Int16Array.of(258));
    expect((await readIdx(idx(12, [1], [255, 255, 255, 254]))).data).toEqual(Int32Array.of(-2));
    expect((await readIdx(idx(13, [1], [0x3f, 0xc0, 0, 0]))).data).toEqual(Float32Array.of(1.5));
    expect((await readIdx(idx(14, [1], [0x40, 4, 0, 0, 0, 0, 0, 0]))).data).toEqual(Float64Array.of(2.5));
  });

  it("reads bytes in the middle of a larger buffer", async () => {
    const buffer = new Uint8Array(100);
    const file = idx(12, [1], [0, 0, 1, 0]);
    buffer.set(file, 13);
    expect((await readIdx(buffer.subarray(13, 13 + file.length))).data).toEqual(Int32Array.of(256));
  });

  const damaged = Uint8Array.from(gzipSync(idx(8, [200], new Array<number>(200).fill(3)))).slice(0, -10);
  const wrong: [string, Uint8Array<ArrayBuffer>, string][] = [
    ["nothing", new Uint8Array(0), "got bytes none"],
    ["another format", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "got bytes 89 50 4e 47"],
    ["an unknown type", idx(10, [1], [1]), "got bytes 00 00 0a 01"],
    ["a header cut short", idx(8, [2, 2], []).slice(0, 9), "a header of 12 bytes for rank 2, got 9 bytes"],
    ["too few elements", idx(8, [4], [1, 2, 3]), "expected 12 bytes for uint8 [4], got 11"],
    ["too many elements", idx(8, [2], [1, 2, 3]), "expected 10 bytes for uint8 [2], got 11"],
    ["damaged gzip", damaged, "damaged or truncated gzip data"],
  ];
  for (const [name, bytes, message] of wrong) {
    it(`refuses ${name}`, async () => {
      await expect(readIdx(bytes)).rejects.toThrow(IdxError);
      await expect(readIdx(bytes)).rejects.toThrow(message);
    });
  }
});

describe("readMnist", () => {
  it("reads a pair", async () => {
    const read = await readMnist(idx(8, [2, 1, 2], [1, 2, 3, 4]), idx(8, [2], [5, 9]));
    expect(read).toEqual({
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(5, 9),
      count: 2,
      height: 1,
      width: 2,
    });
  });

  it("refuses files that are no pair", async () => {
    await expect(readMnist(idx(8, [2], [5, 9]), idx(8, [2, 1, 1], [1, 2]))).rejects.toThrow("images first");
    await expect(readMnist(idx(8, [1, 1, 1], [5]), idx(8, [2], [1, 2]))).rejects.toThrow(IdxError);
  });

  const folder = new URL("../../../../shared/data/mnist-t10k/", import.meta.url);
  it.runIf(existsSync(folder))("reads the test set of MNIST", async () => {
    const file = (name: string) => Uint8Array.from(readFileSync(new URL(name, folder)));
    const mnist = await readMnist(file("t10k-images-idx3-ubyte.gz"), file("t10k-labels-idx1-ubyte.gz"));
    expect(mnist).toMatchObject({ count: 10000, height: 28, width: 28 });
    expect(Array.from(mnist.labels.subarray(0, 10))).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(mnist.images.filter((pixel) => pixel > 0).length).toBeGreaterThan(10000 * 80);
  });
});
