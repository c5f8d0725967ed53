import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noise } from "../../fixtures/goldens.ts";
import { applyResize, resizeShorterSide, shorterSideSize } from "./resize.ts";

describe("shorterSideSize", () => {
  it("truncates the longer side, as torchvision does", () => {
    expect(shorterSideSize({ width: 320, height: 240 }, 256)).toEqual({ width: 341, height: 256 });
    expect(shorterSideSize({ width: 333, height: 500 }, 256)).toEqual({ width: 256, height: 384 });
    expect(shorterSideSize({ width: 49, height: 49 }, 256)).toEqual({ width: 256, height: 256 });
  });

  it("is exact integer division, whatever the size", () => {
    const side = fc.integer({ min: 1, max: 20000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 2000 }), (a, b, shorter) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const expected = Number((BigInt(shorter) * BigInt(long)) / BigInt(short));
        expect(shorterSideSize({ width: long, height: short }, shorter)).toEqual({ width: expected, height: shorter });
        expect(shorterSideSize({ width: short, height: long }, shorter)).toEqual({ width: shorter, height: expected });
      }),
    );
  });
});

describe("resize as a transform", () => {
  it("takes a shorter side or a size", () => {
    const image = noise(30, 20, 3);
    expect(resizeShorterSide(image, 10)).toMatchObject({ width: 15, height: 10 });
    const exact = applyResize(image, { name: "resize", size: { width: 4, height: 9 }, kernel: "box" });
    expect(exact).toMatchObject({ width: 4, height: 9 });
  });
});
