import { Generator, numel, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  readSafetensors,
  SafetensorsError,
  SafetensorsReader,
  safetensorsChunks,
  streamSafetensors,
  writeSafetensors,
} from "../index.ts";

const tensors: Readonly<Record<string, Tensor>> = {
  flags: tensor(Uint8Array.of(1, 0, 1), [3]),
  "layer.0.weight": tensor([1, -2.5, 3e-20, 0.1], [2, 2]),
  none: tensor([], [0, 3]),
  steps: tensor([7], [], { dtype: "int32" }),
};
const bytes = await writeSafetensors(tensors, { format: "pt" });

/** `bytes` in chunks of the given size. */
async function* chunksOf(size: number, all: Uint8Array = bytes): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

async function collect(stream: AsyncIterable<readonly [string, Tensor]>): Promise<Record<string, Tensor>> {
  const found: Record<string, Tensor> = {};
  for await (const [name, t] of stream) found[name] = t;
  return found;
}

function expectSame(found: Readonly<Record<string, Tensor>>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(tensors).sort());
  for (const [name, t] of Object.entries(tensors)) {
    expect([found[name]?.dtype, found[name]?.shape, found[name]?.toArray()]).toEqual([t.dtype, t.shape, t.toArray()]);
  }
}

describe("a reader", () => {
  test.each([
    ["bytes", bytes],
    ["a Blob", new Blob([bytes])],
  ])("gives single tensors of %s", async (_, source) => {
    const reader = await SafetensorsReader.open(source);
    expect(reader.metadata).toEqual({ format: "pt" });
    expect(reader.entries.get("layer.0.weight")).toMatchObject({ dtype: "F32", shape: [2, 2] });
    expectSame(await collect(reader));
    await expect(reader.tensor("other")).rejects.toThrow(SafetensorsError);
  });

  test("reads the header, and then no more than what is asked for", async () => {
    const read: [number, number][] = [];
    let closed = false;
    const reader = await SafetensorsReader.open({
      size: bytes.length,
      read: async (start, end) => {
        read.push([start, end]);
        return bytes.slice(start, end);
      },
      close: async () => {
        closed = true;
      },
    });
    const { begin, end } = reader.entries.get("layer.0.weight") as { begin: number; end: number };
    await reader.tensor("layer.0.weight");
    const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(read).toEqual([
      [0, 8],
      [8, start],
      [begin, end],
    ]);
    await reader.close();
    expect(closed).toBe(true);
  });

  test("a source that became shorter is an error", async () => {
    const reader = await SafetensorsReader.open({
      size: bytes.length,
      read: async (start, end) => bytes.slice(start, start > 100 ? end - 1 : end),
      close: async () => {},
    });
    await expect(reader.tensor("layer.0.weight")).rejects.toThrow("expected 16 bytes of layer.0.weight, got 15");
  });
});

describe("a stream", () => {
  test.each([1, 7, 1000])("in chunks of %d bytes", async (size) => {
    expectSame(await collect(streamSafetensors(chunksOf(size))));
    expectSame(await collect(streamSafetensors(new Blob([bytes]).stream(), bytes.length)));
  });

  test.each([
    ["cut in the header", bytes.slice(0, 30), "more bytes, got"],
    ["cut in a tensor", bytes.slice(0, -1), "more bytes, got"],
    ["one byte too long", Uint8Array.of(...bytes, 0), "to end after its last tensor"],
    ["empty", new Uint8Array(), "8 more bytes"],
  ])("%s", async (_, all, message) => {
    await expect(collect(streamSafetensors(chunksOf(13, all)))).rejects.toThrow(message);
  });

  test("is given back when the caller stops early", async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of streamSafetensors(stream)) break;
    expect(cancelled).toBe(true);
  });

  test("what is written in parts is what is written at once", async () => {
    const parts: number[] = [];
    for await (const part of safetensorsChunks(tensors, { format: "pt" })) parts.push(...part);
    expect(Uint8Array.from(parts)).toEqual(bytes);
  });
});

describe("half precision", () => {
  const weight = tensor([1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 / 3], [4]);

  test.each([
    ["float16", "F16", [1, 1, 1 + 2 ** -9, 0.333251953125]],
    ["bfloat16", "BF16", [1, 1, 1, 0.333984375]],
    ["float32", "F32", [1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, Math.fround(1 / 3)]],
  ] as const)("floats as %s, integers as they are", async (float, dtype, values) => {
    const reader = await SafetensorsReader.open(await writeSafetensors({ ...tensors, weight }, {}, { float }));
    expect(reader.entries.get("weight")?.dtype).toBe(dtype);
    expect(reader.entries.get("steps")?.dtype).toBe("I32");
    expect([...(await reader.tensor("weight")).toArray()]).toEqual(values);
  });

  test("float64 may be narrowed too", async () => {
    const wide = tensor(Float64Array.of(1 / 3), [1]);
    const { x } = readSafetensors(await writeSafetensors({ x: wide }, {}, { float: "float32" })).tensors;
    expect(x?.item()).toBe(Math.fround(1 / 3));
  });
});

// Each mutation is drawn from the same seed, so that a failure can be repeated.
test("2000 damaged files are read as far as they are sound, or refused", async () => {
  const draws = new Generator(7).uniform([2000, 16]).toArray();
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const json = new TextDecoder().decode(bytes.subarray(8, start));
  const pieces = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "-1",
    "1e308",
    "9007199254740993",
    "null",
    "\\u0000",
    '"F64"',
    "0",
  ];
  let refused = 0;
  for (let i = 0; i < 2000; i++) {
    const draw = (j: number, below: number): number => Math.floor((draws[16 * i + j] as number) * below);
    let damaged: Uint8Array;
    if (draw(0, 2) === 0) {
      damaged = bytes.slice(0, draw(1, 4) === 0 ? draw(2, bytes.length) : bytes.length);
      for (let k = 0; k <= draw(3, 3) && damaged.length > 0; k++)
        damaged[draw(4 + k, damaged.length)] = draw(8 + k, 256);
    } else {
      const [at, cut] = [draw(1, json.length), draw(2, 4)];
      const changed = new TextEncoder().encode(
        json.slice(0, at) + pieces[draw(3, pieces.length)] + json.slice(at + cut),
      );
      damaged = new Uint8Array(8 + changed.length + bytes.length - start);
      new DataView(damaged.buffer).setBigUint64(0, BigInt(changed.length), true);
      damaged.set(changed, 8);
      damaged.set(bytes.subarray(start), 8 + changed.length);
    }
    try {
      const { tensors: found } = readSafetensors(damaged);
      const total = Object.values(found).reduce((n, t) => n + numel(t.shape), 0);
      expect(total).toBeLessThanOrEqual(damaged.length);
    } catch (error) {
      if (!(error instanceof SafetensorsError)) throw error;
      refused++;
      await expect(collect(streamSafetensors(chunksOf(64, damaged)))).rejects.toThrow(SafetensorsError);
    }
  }
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(2000);
});
