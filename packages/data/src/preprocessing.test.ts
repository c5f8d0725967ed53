import { describe, expect, it } from "vitest";
import { goldenImage, goldens, noise, sha256 } from "../fixtures/goldens.ts";
import { PreprocessingError, PreprocessingMismatchError } from "./errors.ts";
import { decodeImage } from "./node.ts";
import { assertInputShape, normalizeAs, parsePreprocessing, preprocess, sampleShape } from "./preprocessing.ts";
import { imagenet, presetFor, signed, unit } from "./presets.ts";

describe("preprocess", () => {
  for (const { preset, size, channels, sha256: expected, first } of goldens.preprocess) {
    it(`equals Pillow and NumPy to the bit: ${preset}, ${channels} × ${size}`, async () => {
      const contract = presetFor(preset, ["N", channels, size, size]);
      const input = preprocess(await decodeImage(goldenImage("scene.jpg")), contract);
      expect(Array.from(input.subarray(0, 8))).toEqual(first);
      expect(sha256(input)).toBe(expected);
    });
  }

  it("takes planes in the order of the contract", () => {
    const image = noise(300, 260, 3);
    const plane = 224 * 224;
    const rgb = preprocess(image, unit());
    const bgr = preprocess(image, { ...unit(), channelOrder: "BGR" });
    expect(bgr.subarray(0, plane)).toEqual(rgb.subarray(2 * plane));
    expect(bgr.subarray(plane, 2 * plane)).toEqual(rgb.subarray(plane, 2 * plane));
  });

  it("gives three equal planes for a grey image", () => {
    const input = preprocess(noise(40, 40, 1), unit(28));
    expect(input.subarray(0, 784)).toEqual(input.subarray(784, 1568));
  });

  it("resizes exactly, without a crop", () => {
    const size = { height: 8, width: 12 };
    const contract = parsePreprocessing({
      ...unit(),
      size,
      resize: { exact: size, kernel: "bicubic", antialias: true },
      crop: "none",
    });
    expect(preprocess(noise(50, 20, 3), contract)).toHaveLength(3 * 8 * 12);
  });

  it("refuses an augmented image of another size", () => {
    expect(() => normalizeAs(noise(10, 10, 3), imagenet())).toThrow(PreprocessingMismatchError);
  });
});

describe("parsePreprocessing", () => {
  it("survives JSON", () => {
    for (const contract of [imagenet(), unit(28, 1), signed({ height: 96, width: 160 })]) {
      expect(parsePreprocessing(JSON.parse(JSON.stringify(contract)))).toEqual(contract);
    }
  });

  const wrong: [string, unknown, string][] = [
    ["no object", "imagenet", "the whole"],
    ["another version", { ...imagenet(), version: 2 }, "expected version 1, got version 2"],
    ["too few means", { ...imagenet(), mean: [0.5] }, "mean: needs 3 values for channel order RGB, has 1"],
    ["a std of 0", { ...imagenet(), std: [1, 0, 1] }, "std.1: must not be 0"],
    [
      "a crop larger than the image",
      { ...imagenet(), size: { height: 300, width: 300 } },
      "must not be smaller than size",
    ],
    ["no crop after an inexact resize", { ...imagenet(), crop: "none" }, "resize must be exact"],
    ["an unknown field", { ...imagenet(), gamma: 2 }, "gamma"],
    ["no antialiasing", { ...imagenet(), resize: { ...imagenet().resize, antialias: false } }, "resize"],
  ];
  for (const [name, value, message] of wrong) {
    it(`names what is wrong: ${name}`, () => {
      expect(() => parsePreprocessing(value)).toThrow(PreprocessingError);
      expect(() => parsePreprocessing(value)).toThrow(message);
    });
  }
});

describe("presets", () => {
  it("resize in the proportion 256 : 224", () => {
    expect(imagenet().resize).toEqual({ shorterSide: 256, kernel: "bilinear", antialias: true });
    expect(unit(299).resize).toMatchObject({ shorterSide: 342 });
  });

  it("take size and channels from a model's input", () => {
    expect(sampleShape(presetFor("unit", ["batch", 1, 28, 28]))).toEqual([1, 28, 28]);
    expect(sampleShape(presetFor("imagenet", [1, 3, undefined, undefined]))).toEqual([3, 224, 224]);
    expect(() => presetFor("caffe", [1, 3, 8, 8])).toThrow("one of imagenet, unit, signed");
    expect(() => presetFor("unit", [1, 10])).toThrow(PreprocessingMismatchError);
    expect(() => presetFor("unit", [1, 224, 224, 3])).toThrow("channels first");
  });
});

describe("assertInputShape", () => {
  it("accepts what fits, unknown dimensions included", () => {
    assertInputShape(imagenet(), [8, 3, 224, 224]);
    assertInputShape(imagenet(), ["N", 3, undefined, "W"]);
  });

  it("refuses what does not", () => {
    expect(() => assertInputShape(imagenet(), [1, 3, 299, 299])).toThrow(PreprocessingMismatchError);
    expect(() => assertInputShape(imagenet(), [1, 3, 299, 299])).toThrow("expected [1, 3, 299, 299]");
    expect(() => assertInputShape(imagenet(), [1, 784])).toThrow("got [N, 3, 224, 224]");
  });
});
