import { afterEach, describe, expect, test } from "vitest";
import type { Device } from "./device/contract.ts";
import { referenceDevice } from "./device/reference.ts";
import { add } from "./ops/add.ts";
import { full } from "./ops/full.ts";
import { maximum } from "./ops/maximum.ts";
import { neg } from "./ops/neg.ts";
import { pad } from "./ops/pad.ts";
import { reshape } from "./ops/reshape.ts";
import { useDevice } from "./runtime.ts";
import { tensor, zeros } from "./tensor.ts";

afterEach(() => useDevice(null));

function counting(): { device: Device; compiled: () => number } {
  let count = 0;
  const device: Device = {
    ...referenceDevice,
    compile: (graph) => {
      count++;
      return referenceDevice.compile(graph);
    },
  };
  return { device, compiled: () => count };
}

describe("eager ops", () => {
  test("are compiled once an op, attributes, shapes and dtypes", () => {
    const { device, compiled } = counting();
    useDevice(device);
    const [x, y] = [tensor([1, 2]), tensor([3, 4])];
    add(x, y);
    add(y, x);
    expect(compiled()).toBe(1);
    add(x, tensor([1]));
    add(tensor(Int32Array.of(1)), tensor(Int32Array.of(1)));
    expect(compiled()).toBe(3);
  });

  test("tell apart numbers that JSON does not", () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
    for (const value of values) expect(full([], value).item()).toBe(value);
    for (const value of values) expect(pad(tensor([1]), [[0, 1]], value).toArray()[1]).toBe(value);
    expect(maximum(tensor([1]), Number.NEGATIVE_INFINITY).item()).toBe(1);
  });

  test("keep many programs, and drop the oldest", () => {
    const { device, compiled } = counting();
    useDevice(device);
    for (let i = 1; i <= 1100; i++) neg(zeros([i]));
    neg(zeros([1100]));
    expect(compiled()).toBe(1100);
    neg(zeros([1]));
    expect(compiled()).toBe(1101);
  });

  test("take numbers without a program for each", () => {
    const { device, compiled } = counting();
    useDevice(device);
    for (let i = 0; i < 5; i++) expect(add(tensor([1]), i).item()).toBe(1 + i);
    expect(compiled()).toBe(1);
  });

  test("that only rename memory run nothing", () => {
    const { device, compiled } = counting();
    useDevice(device);
    const x = tensor([1, 2, 3, 4]);
    expect(reshape(x, [2, 2]).storage).toBe(x.storage);
    expect(compiled()).toBe(0);
  });

  test("run on the chosen device until another is chosen", () => {
    const { device, compiled } = counting();
    useDevice(device);
    expect(neg(tensor([7])).item()).toBe(-7);
    useDevice(null);
    expect(neg(tensor([8])).item()).toBe(-8);
    expect(compiled()).toBe(1);
  });
});
