import { DatasetError } from "./errors.ts";
import { permutation, purpose, RandomStream } from "./random.ts";

/** Options of {@link stratifiedSplit}. */
export interface SplitOptions {
  /** Share of each class that goes to validation, between 0 and 1; 0.2 unless given. */
  readonly fraction?: number;
  /** 0 unless given. */
  readonly seed?: number;
}

/** Indices of a split, each ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly val: Int32Array;
}

/**
 * Splits examples into training and validation so that each class keeps its share: of a class with n examples,
 * `round(n · fraction)` go to validation, but at least one and at most n − 1. What a class gives depends on the seed
 * and on its own examples alone.
 * @throws DatasetError if a class has fewer than 2 examples, or the fraction is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { stratifiedSplit } from "@graftjs/data";
 *
 * const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
 * const { train, val } = stratifiedSplit(labels, { fraction: 0.25, seed: 1 });
 * console.log(train.length, Array.from(val, (i) => labels[i])); // 9 [0, 0, 1]
 * ```
 */
export function stratifiedSplit(labels: ArrayLike<number>, { fraction = 0.2, seed = 0 }: SplitOptions = {}): Split {
  if (!(fraction > 0 && fraction < 1)) {
    const expected = "a fraction between 0 and 1";
    throw new DatasetError(`stratifiedSplit: expected ${expected}, got ${fraction}.`, {
      op: "stratifiedSplit",
      expected,
      got: String(fraction),
    });
  }
  const byClass = new Map<number, number[]>();
  Array.from(labels).forEach((label, index) => {
    const members = byClass.get(label);
    if (members) members.push(index);
    else byClass.set(label, [index]);
  });
  const train: number[] = [];
  const val: number[] = [];
  for (const [label, members] of byClass) {
    const count = members.length;
    if (count < 2) {
      const expected = "at least 2 examples of each class";
      const help = "Add examples, or split the data yourself.";
      throw new DatasetError(`stratifiedSplit: expected ${expected}, got ${count} of class ${label}. ${help}`, {
        op: "stratifiedSplit",
        expected,
        got: String(count),
        help,
      });
    }
    const held = Math.min(Math.max(Math.round(count * fraction), 1), count - 1);
    const order = permutation(count, new RandomStream(seed, [purpose.split, label, 0]));
    order.forEach((member, rank) => {
      (rank < held ? val : train).push(members[member] as number);
    });
  }
  return { train: Int32Array.from(train).sort(), val: Int32Array.from(val).sort() };
}
