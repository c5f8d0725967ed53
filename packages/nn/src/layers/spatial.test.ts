import { maxPool2dWithIndices, tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { AdaptiveMaxPool2d } from "./adaptiveMaxPool2d.ts";
import { CircularPad1d } from "./circularPad.ts";
import { MaxUnpool2d } from "./maxUnpool2d.ts";
import { PixelShuffle, PixelUnshuffle } from "./pixelShuffle.ts";
import { ReflectionPad2d } from "./reflectionPad.ts";
import { ReplicationPad2d } from "./replicationPad.ts";
import { Fold, Unfold } from "./unfold.ts";
import { Upsample } from "./upsample.ts";
import { ZeroPad2d } from "./zeroPad.ts";

const square = tensor([1, 2, 3, 4], [1, 2, 2]);

test("padding layers take left, right, top, bottom", () => {
  expect(new ZeroPad2d([1, 0, 0, 2]).forward(square).toNested()).toEqual([
    [
      [0, 1, 2],
      [0, 3, 4],
      [0, 0, 0],
      [0, 0, 0],
    ],
  ]);
  expect(new ReplicationPad2d([0, 1, 1, 0]).forward(square).toNested()).toEqual([
    [
      [1, 2, 2],
      [1, 2, 2],
      [3, 4, 4],
    ],
  ]);
  expect(() => new ReflectionPad2d(2).forward(square)).toThrow("in mode reflect");
  expect(() => new ZeroPad2d(1).forward(zeros([2, 2]))).toThrow(
    "ZeroPad2d: expected [N, C, H, W] or [C, H, W], got [2, 2]",
  );
  expect(() => new CircularPad1d(1).forward(zeros([2]))).toThrow(
    "CircularPad1d: expected [N, C, L] or [C, L], got [2]",
  );
});

test("pools and their inverse go together", () => {
  const x = tensor([1, 5, 2, 6, 3, 4, 8, 7], [1, 1, 2, 4]);
  const { values, indices } = maxPool2dWithIndices(x, 2);
  expect(new MaxUnpool2d(2).forward(values, indices).toNested()).toEqual([
    [
      [
        [0, 5, 0, 0],
        [0, 0, 8, 0],
      ],
    ],
  ]);
  expect(() => new MaxUnpool2d(2).forward(values, indices, [5, 4])).toThrow("less than a stride");
  expect(new AdaptiveMaxPool2d([null, 1]).forward(x).toNested()).toEqual([[[[6], [8]]]]);
});

test("shuffling pixels, and folding, are undone", () => {
  const x = tensor(
    Float32Array.from({ length: 32 }, (_, i) => i),
    [1, 8, 2, 2],
  );
  expect(new PixelUnshuffle(2).forward(new PixelShuffle(2).forward(x)).toNested()).toEqual(x.toNested());
  expect(() => new PixelShuffle(3).forward(x)).toThrow("[..., C · 9, H, W]");
  const image = tensor(
    Float32Array.from({ length: 16 }, (_, i) => i),
    [1, 1, 4, 4],
  );
  expect(new Fold(4, 2, { stride: 2 }).forward(new Unfold(2, { stride: 2 }).forward(image)).toNested()).toEqual(
    image.toNested(),
  );
  expect(() => new Fold(4, 2).forward(zeros([1, 4, 8]))).toThrow("[N, C · 4, 9] or [C · 4, 9]");
});

test("Upsample says what does not go together", () => {
  const x = zeros([1, 1, 2, 2]);
  expect(() => new Upsample({}).forward(x)).toThrow("either size or scaleFactor");
  expect(() => new Upsample({ size: 3, scaleFactor: 2 }).forward(x)).toThrow("either size or scaleFactor");
  expect(() => new Upsample({ size: [3] }).forward(x)).toThrow("one for each of 2 axes");
  expect(() => new Upsample({ size: 3, mode: "linear" }).forward(x)).toThrow("expected [N, C, L] for mode linear");
  expect(() => new Upsample({ size: 3, alignCorners: false }).forward(x)).toThrow("alignCorners with mode linear");
  expect(() => new Upsample({ size: 3, recomputeScaleFactor: true }).forward(x)).toThrow("recomputeScaleFactor with");
  expect(() => new Upsample({ scaleFactor: 0.4 }).forward(x)).toThrow("[2, 2] to [0, 0]");
  expect(() => new Upsample({ size: 3, mode: "lanczos" as "area" }).forward(x)).toThrow("a mode out of nearest");
  expect(new Upsample({ scaleFactor: 2 }).forward(zeros([0, 1, 2, 2])).shape).toEqual([0, 1, 4, 4]);
});
