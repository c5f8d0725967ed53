import { DeviceError } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { Allocator, formatBytes } from "./allocator.ts";

const PAGE = 65536;

function allocator(maximumPages = 64): { memory: WebAssembly.Memory; allocator: Allocator } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
  return { memory, allocator: new Allocator(memory, 100, maximumPages * PAGE) };
}

describe("Allocator", () => {
  test("aligns blocks and never lets them overlap, whatever is freed in between", () => {
    const { memory, allocator: heap } = allocator();
    const live = new Map<number, number>();
    let seed = 7;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed % n;
    };
    for (let i = 0; i < 3000; i++) {
      if (live.size > 40 || (live.size > 0 && random(2) === 0)) {
        const [address, bytes] = [...live][random(live.size)] as [number, number];
        live.delete(address);
        heap.free(address, bytes);
      } else {
        const bytes = random(20_000);
        const address = heap.allocate(bytes);
        expect(address % 64).toBe(0);
        expect(address).toBeGreaterThanOrEqual(100);
        // Room for loads that read past the end.
        expect(address + bytes + 16).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const [other, size] of live) expect(address + bytes <= other || other + size <= address).toBe(true);
        live.set(address, bytes);
      }
    }
    for (const [address, bytes] of live) heap.free(address, bytes);
    expect(heap.usedBytes).toBe(0);
    // All gaps are one again: a block of nearly everything fits without growth.
    const before = heap.totalBytes;
    heap.allocate(before - 1024);
    expect(heap.totalBytes).toBe(before);
  });

  test("takes the smallest gap that fits", () => {
    const { allocator: heap } = allocator();
    const [a, , b] = [heap.allocate(4096), heap.allocate(64), heap.allocate(1024), heap.allocate(64)];
    heap.free(a as number, 4096);
    heap.free(b as number, 1024);
    expect(heap.allocate(1000)).toBe(b);
    expect(heap.allocate(4000)).toBe(a);
  });

  test("grows on demand, and says what it could not get", () => {
    const { memory, allocator: heap } = allocator(8);
    heap.allocate(3 * PAGE);
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(3 * PAGE);
    const failing = (): number => heap.allocate(20 * PAGE);
    expect(failing).toThrow(DeviceError);
    expect(failing).toThrow(/cannot grow by the 1\.\d MiB that 1\.3 MiB more need.*at most 512 KiB/);
    // What fits still fits afterwards.
    heap.allocate(2 * PAGE);
  });
});

test("formatBytes", () => {
  expect([0, 512, 1536, 3 * 2 ** 20, 2.5 * 2 ** 30].map(formatBytes)).toEqual([
    "0 bytes",
    "512 bytes",
    "1.5 KiB",
    "3 MiB",
    "2.5 GiB",
  ]);
});
