import { Linear } from "@graftjs/nn";
import { Generator } from "@graftjs/tensor";
import { CutError } from "./errors.ts";

/** Options of {@link OnnxModule.replaceHead}. */
export interface HeadOptions {
  /** Seed of the new head's initial weights, where classes are given. Default 0. */
  readonly seed?: number;
}

/** The head that a number of classes stands for. @throws {CutError} if the number is not at least one */
export function linearHead(features: number, classes: number, { seed = 0 }: HeadOptions): Linear {
  if (Number.isInteger(classes) && classes >= 1)
    return new Linear(features, classes, { generator: new Generator(seed) });
  throw new CutError(`A head for ${classes} classes is not possible`, "Give a whole number from 1 on.");
}

/** What a new head is called: `head`, or another word where one of `names` is or begins with that. */
export function headNameApart(names: readonly string[]): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? "head" : `head${i}`;
    const isTaken = (name: string): boolean =>
      name === candidate || name.startsWith(`${candidate}.`) || name.startsWith(`${candidate}/`);
    if (!names.some(isTaken)) return candidate;
  }
}
