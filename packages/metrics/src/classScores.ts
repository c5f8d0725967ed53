import { ArgumentError } from "@graftjs/tensor";

/** How well one class is told from the others; each from 0 to 1, and 0 where it would be 0 / 0. */
export interface ClassScore {
  /** Of what was called so, the share that is: `TP / (TP + FP)`. */
  readonly precision: number;
  /** Of what is so, the share that was called so: `TP / (TP + FN)`. */
  readonly recall: number;
  /** `2 TP / (2 TP + FP + FN)`. */
  readonly f1: number;
  /** How many examples there are of the class. */
  readonly support: number;
}

/** Precision, recall and F1 of each class, and their means. */
export interface ClassScores {
  readonly perClass: readonly ClassScore[];
  /** Means over all classes, each counting the same, also those without examples. */
  readonly macroPrecision: number;
  readonly macroRecall: number;
  readonly macroF1: number;
  /** Mean over classes, each counting by its examples. */
  readonly weightedF1: number;
}

/**
 * Precision, recall and F1 a class, and their means, from a confusion matrix [target][prediction]. As scikit-learn's
 * with `labels` = all classes and `zero_division` = 0.
 * @throws ArgumentError if the matrix is not square, or is empty.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_recall_fscore_support.html
 *
 * @example
 * ```ts
 * import { classScores } from "@graftjs/metrics";
 *
 * const scores = classScores([[2, 0], [1, 1]]); // rows are targets
 * console.log(scores.macroF1, scores.perClass.map(({ recall }) => recall)); // 0.7333 [1, 0.5]
 * ```
 */
export function classScores(confusion: readonly (readonly number[])[]): ClassScores {
  const classes = confusion.length;
  if (classes === 0 || confusion.some((row) => row.length !== classes)) {
    const got = `rows of lengths ${confusion.map((row) => row.length).join(", ") || "none"}`;
    throw new ArgumentError({ op: "classScores", expected: "a square confusion matrix", got });
  }
  const perClass = confusion.map((row, label) => {
    const right = row[label] as number;
    const support = total(row);
    const called = total(confusion.map((other) => other[label] as number));
    return {
      precision: ratio(right, called),
      recall: ratio(right, support),
      f1: ratio(2 * right, support + called),
      support,
    };
  });
  const mean = (values: number[]): number => total(values) / classes;
  return {
    perClass,
    macroPrecision: mean(perClass.map(({ precision }) => precision)),
    macroRecall: mean(perClass.map(({ recall }) => recall)),
    macroF1: mean(perClass.map(({ f1 }) => f1)),
    weightedF1: ratio(
      total(perClass.map(({ f1, support }) => f1 * support)),
      total(perClass.map(({ support }) => support)),
    ),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
