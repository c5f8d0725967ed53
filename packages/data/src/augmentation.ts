import type { Preprocessing } from "./preprocessing.ts";
import type { Transform } from "./transforms/transform.ts";

/**
 * The contract's own resize and crop, then a mirror with probability one half: mild, for small data sets.
 *
 * @example
 * ```ts
 * import { flipAugmentation, imagenet } from "@graftjs/data";
 *
 * console.log(flipAugmentation(imagenet(224)).map(({ name }) => name)); // ["resize", "centerCrop", "horizontalFlip"]
 * ```
 */
export function flipAugmentation({ size, resize, crop }: Preprocessing): Transform[] {
  const { kernel } = resize;
  return [
    { name: "resize", size: "exact" in resize ? resize.exact : resize.shorterSide, kernel },
    ...(crop === "center" ? [{ name: "centerCrop", size } as const] : []),
    { name: "horizontalFlip", probability: 0.5 },
  ];
}

/**
 * What ImageNet networks are trained with: a random part of the image, resized, then a mirror.
 * @param scale least and greatest share of the image's area; [0.08, 1] as in torchvision unless told otherwise.
 *
 * @example
 * ```ts
 * import { imagenet, standardAugmentation } from "@graftjs/data";
 *
 * console.log(standardAugmentation(imagenet(224)).map(({ name }) => name)); // ["randomResizedCrop", "horizontalFlip"]
 * ```
 */
export function standardAugmentation(
  { size, resize }: Preprocessing,
  scale: readonly [number, number] = [0.08, 1],
): Transform[] {
  return [
    { name: "randomResizedCrop", size, scale, ratio: [3 / 4, 4 / 3], kernel: resize.kernel },
    { name: "horizontalFlip", probability: 0.5 },
  ];
}
