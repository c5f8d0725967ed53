import { describe, expect, it } from "vitest";
import { noise } from "../../fixtures/goldens.ts";
import { flipAugmentation, standardAugmentation } from "../augmentation.ts";
import { PreprocessingError } from "../errors.ts";
import { resizeAndCrop } from "../preprocessing.ts";
import { imagenet, unit } from "../presets.ts";
import { RandomStream } from "../random.ts";
import { horizontalFlip } from "./horizontalFlip.ts";
import { applyTransforms, parseAugmentation } from "./transform.ts";

describe("parseAugmentation", () => {
  it("fills in defaults", () => {
    const size = { height: 8, width: 8 };
    expect(parseAugmentation([{ name: "randomResizedCrop", size }, { name: "horizontalFlip" }])).toEqual([
      { name: "randomResizedCrop", size, scale: [0.08, 1], ratio: [3 / 4, 4 / 3], kernel: "bilinear" },
      { name: "horizontalFlip", probability: 0.5 },
    ]);
  });

  it("takes back what the ready-made augmentations give", () => {
    for (const steps of [standardAugmentation(imagenet()), flipAugmentation(unit())]) {
      expect(parseAugmentation(JSON.parse(JSON.stringify(steps)))).toEqual(steps);
    }
  });

  const wrong: [unknown, string][] = [
    ["flip", "it is no list"],
    [[null], "step 0: the name must be one of resize, centerCrop"],
    [[{ name: "toString" }], "step 0: the name"],
    [[{ name: "horizontalFlip", probability: 2 }], "step 0: probability"],
    [
      [{ name: "horizontalFlip" }, { name: "randomResizedCrop", size: { height: 1, width: 1 }, scale: [1, 0.5] }],
      "step 1: scale: the least comes first",
    ],
  ];
  for (const [value, message] of wrong) {
    it(`names what is wrong: ${message}`, () => {
      expect(() => parseAugmentation(value)).toThrow(PreprocessingError);
      expect(() => parseAugmentation(value)).toThrow(message);
    });
  }
});

describe("applyTransforms", () => {
  it("is a function of the stream", () => {
    const image = noise(60, 50, 3);
    const steps = standardAugmentation(unit(32));
    const run = (index: number) => applyTransforms(image, steps, new RandomStream(1, [3, 0, index]));
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("is the contract's own resize and crop, mirrored or not, for flipAugmentation", () => {
    const image = noise(61, 47, 3);
    const contract = unit(32);
    const plain = resizeAndCrop(image, contract);
    const seen = new Set<boolean>();
    for (let index = 0; index < 20; index++) {
      const got = applyTransforms(image, flipAugmentation(contract), new RandomStream(1, [3, 0, index]));
      const mirrored = Buffer.compare(got.data, plain.data) !== 0;
      expect(got).toEqual(mirrored ? horizontalFlip(plain) : plain);
      seen.add(mirrored);
    }
    expect(seen.size).toBe(2);
  });
});
