import { describe, expect, test } from "vitest";
import type { Device } from "./device/contract.ts";
import { referenceDevice } from "./device/reference.ts";
import { DeviceError } from "./errors.ts";
import { Storage } from "./storage.ts";

/** A device whose memory can only be read by waiting. */
const remote: Device = {
  name: "remote",
  compile: (graph) => referenceDevice.compile(graph),
  allocate: (dtype, length) => {
    const memory = referenceDevice.allocate(dtype, length);
    return { device: remote, view: () => null, read: () => memory.read(), write: (data) => memory.write(data) };
  },
};

describe("Storage", () => {
  test("counts its writes, those of the device included", () => {
    const storage = Storage.zeros("float32", 2);
    expect(storage.version).toBe(0);
    storage.write(Float32Array.of(1, 2));
    storage.touched();
    expect(storage.version).toBe(2);
    expect([...storage.host()]).toEqual([1, 2]);
  });

  test("moves to a device once, and stays there", () => {
    const storage = new Storage("int32", Int32Array.of(1, 2, 3));
    expect(storage.buffer).toBeNull();
    const buffer = storage.placeOn(referenceDevice);
    expect(storage.placeOn(referenceDevice)).toBe(buffer);
    expect(storage.buffer).toBe(buffer);
    storage.write(Int32Array.of(4, 5, 6));
    expect([...(buffer.view() ?? [])]).toEqual([4, 5, 6]);
    expect([...storage.host()]).toEqual([4, 5, 6]);
  });

  test("moves from device to device", () => {
    const storage = new Storage("float32", Float32Array.of(1));
    const other: Device = { ...referenceDevice, allocate: (d, n) => ({ ...bufferOf(other, d, n) }) };
    storage.placeOn(referenceDevice);
    expect(storage.placeOn(other).device).toBe(other);
    expect([...storage.host()]).toEqual([1]);
  });

  test("lies with a device until that takes its memory back", () => {
    const memory = Float32Array.of(1, 2);
    let left = 0;
    const residence = { view: () => memory, leave: () => left++ };
    const storage = new Storage("float32", null, 2);
    storage.resideAt(residence);
    expect([...storage.toArray()]).toEqual([1, 2]);
    storage.evict();
    memory.fill(9);
    expect([...storage.host(), storage.evicted, storage.residence, left]).toEqual([1, 2, true, null, 0]);

    storage.resideAt(residence);
    storage.write(Float32Array.of(3, 4));
    expect([...storage.host(), storage.residence, left]).toEqual([3, 4, null, 1]);

    storage.resideAt({ ...residence, view: () => Float32Array.of(3, 4) });
    expect([...(storage.placeOn(referenceDevice).view() ?? []), storage.residence, left]).toEqual([3, 4, null, 2]);
  });

  test("that was given back says so", () => {
    const storage = new Storage("float32", null, 1);
    storage.resideAt({ view: () => Float32Array.of(1), leave: () => {} });
    storage.discard();
    expect(() => storage.host()).toThrowError(DeviceError);
    expect(() => storage.toArray()).toThrowError(/internal to backward/);
  });

  test("of a device that cannot be read at once says to wait", async () => {
    const storage = new Storage("float32", Float32Array.of(1, 2));
    storage.placeOn(remote);
    expect(() => storage.host()).toThrowError(DeviceError);
    expect(() => storage.host()).toThrowError(/memory of remote cannot be read at once; use `await tensor.read\(\)`/);
    expect([...(await storage.read())]).toEqual([1, 2]);
  });
});

function bufferOf(device: Device, dtype: Storage["dtype"], length: number): ReturnType<Device["allocate"]> {
  const memory = referenceDevice.allocate(dtype, length);
  return { device, view: () => memory.view(), read: () => memory.read(), write: (data) => memory.write(data) };
}
