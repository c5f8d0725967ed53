import type { z } from "zod";
import { PreprocessingError } from "../errors.ts";
import type { Image } from "../image.ts";
import type { RandomStream } from "../random.ts";
import { type CenterCrop, centerCrop, centerCropSchema } from "./centerCrop.ts";
import { type HorizontalFlip, horizontalFlipSchema, randomHorizontalFlip } from "./horizontalFlip.ts";
import { type RandomCrop, randomCrop, randomCropSchema } from "./randomCrop.ts";
import { type RandomResizedCrop, randomResizedCrop, randomResizedCropSchema } from "./randomResizedCrop.ts";
import { applyResize, type Resize, resizeSchema } from "./resize.ts";

/** One step of an augmentation, as data: it can be stored in a run's record and sent to a worker. */
export type Transform = Resize | CenterCrop | RandomCrop | RandomResizedCrop | HorizontalFlip;

type Rules = {
  readonly [N in Transform["name"]]: {
    readonly schema: z.ZodType<Extract<Transform, { name: N }>>;
    readonly apply: (image: Image, transform: Extract<Transform, { name: N }>, random: RandomStream) => Image;
  };
};

const rules: Rules = {
  resize: { schema: resizeSchema, apply: applyResize },
  centerCrop: { schema: centerCropSchema, apply: (image, { size }) => centerCrop(image, size) },
  randomCrop: { schema: randomCropSchema, apply: randomCrop },
  randomResizedCrop: { schema: randomResizedCropSchema, apply: randomResizedCrop },
  horizontalFlip: { schema: horizontalFlipSchema, apply: randomHorizontalFlip },
};

/** Applies transforms one after the other; all of them draw from one stream. */
export function applyTransforms(image: Image, transforms: readonly Transform[], random: RandomStream): Image {
  return transforms.reduce((current, transform) => {
    const { apply } = rules[transform.name] as Rules[Transform["name"]] & { apply: AnyApply };
    return apply(current, transform, random);
  }, image);
}

type AnyApply = (image: Image, transform: Transform, random: RandomStream) => Image;

/**
 * Checks an augmentation that came from outside, and fills in defaults.
 * @throws PreprocessingError that names each field that is wrong.
 *
 * @example
 * ```ts
 * import { parseAugmentation } from "@graftjs/data";
 *
 * const [flip] = parseAugmentation([{ name: "horizontalFlip", probability: 0.5 }]);
 * console.log(flip); // { name: "horizontalFlip", probability: 0.5 }
 * ```
 */
export function parseAugmentation(value: unknown): Transform[] {
  if (!Array.isArray(value)) throw invalid("it is no list");
  return value.map((step: unknown, position) => {
    const name = (step as Partial<Transform> | null)?.name;
    if (typeof name !== "string" || !Object.hasOwn(rules, name)) {
      throw invalid(`step ${position}: the name must be one of ${Object.keys(rules).join(", ")}`);
    }
    const result = (rules[name].schema as z.ZodType<Transform>).safeParse(step);
    if (result.success) return result.data;
    const issues = result.error.issues.map(({ path, message }) => `${path.join(".") || name}: ${message}`);
    throw invalid(`step ${position}: ${issues.join("; ")}`);
  });
}

function invalid(got: string): PreprocessingError {
  return new PreprocessingError(`augmentation is not valid: ${got}.`, { expected: "a list of transforms", got });
}
