import { compile, conv2d, matmul, noGrad, relu, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.ts";

describe("profile", () => {
  it("tells every kernel call of every run, with results as ever", async () => {
    const device = await wasm({ threads: 2, parallelFrom: 0 });
    const x = tensor(
      Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i)),
      [64, 64],
    );
    const f = compile((a) => noGrad(() => relu(matmul(matmul(a, a), a))), { device });
    const expected = f(x).toArray();

    device.startProfile();
    const results = [f(x), f(x), f(x)].map((y) => y.toArray());
    const profile = device.stopProfile();

    for (const result of results) expect(result).toEqual(expected);
    expect(profile.calls.map((c) => c.kernel)).toEqual(Array(3).fill(["matmul", "matmul + clamp 0..Infinity"]).flat());
    const [first] = profile.rows;
    expect(profile.rows.map((r) => r.calls)).toEqual([3, 3]);
    expect(first).toMatchObject({
      operations: 2 * 64 ** 3,
      bytes: 3 * 4 * 64 ** 2,
      shapes: "[64, 64] [64, 64] -> [64, 64]",
    });
    expect(profile.table()).toMatch(/GFLOP\/s/);

    f(x);
    expect(profile.calls).toHaveLength(6);
    expect(() => device.stopProfile()).toThrow(/startProfile/);
    device.close();
  });

  it("tells that Winograd's algorithm executes a quarter of the multiplications", async () => {
    const device = await wasm({ threads: 1 });
    const f = compile((a, w) => noGrad(() => conv2d(a, w, null, { padding: 1 })), { device });
    device.startProfile();
    f(zeros([1, 16, 16, 16]), zeros([16, 16, 3, 3]));
    f(zeros([1, 16, 15, 15]), zeros([16, 16, 3, 3]));
    f(zeros([1, 8, 16, 16]), zeros([8, 8, 3, 3]));
    const [full, ragged, small] = device.stopProfile().calls;
    expect(full).toMatchObject({ operations: 2 * 16 ** 4 * 9, executed: (2 * 16 ** 4 * 9) / 4 });
    expect(ragged?.executed).toBeCloseTo(full?.executed as number, 3);
    expect(small?.executed).toBe(small?.operations);
    device.close();
  });

  it("writes complete events of a Chrome trace, in the order of their run", async () => {
    const device = await wasm({ threads: 1 });
    const x = tensor([1, 2, 3, 4], [2, 2]);
    const f = compile((a) => noGrad(() => relu(matmul(a, a))), { device });
    device.startProfile();
    f(x);
    f(x);
    const { traceEvents } = JSON.parse(device.stopProfile().chromeTrace());
    expect(traceEvents).toHaveLength(2);
    for (const event of traceEvents) {
      expect(event).toMatchObject({
        ph: "X",
        name: "matmul + clamp 0..Infinity",
        args: { shapes: "[2, 2] [2, 2] -> [2, 2]" },
      });
      expect(event.dur).toBeGreaterThan(0);
    }
    expect(traceEvents[1].ts).toBeGreaterThanOrEqual(traceEvents[0].ts + traceEvents[0].dur);
    device.close();
  });
});
