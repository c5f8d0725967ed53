import { type Tensor, transpose } from "@graftjs/tensor";
import { floatsOf } from "./tensorData.ts";
import type { Weight } from "./weights.ts";

/** That a stored tensor is another weight over again. */
export interface Tie {
  readonly of: string;
  /** Whether rows and columns are exchanged. */
  readonly transposed: boolean;
}

/**
 * Tables of embeddings that the file stores a second time as the weight of a linear layer: where a decoder shares them, exporters
 * fold the transposition into a copy under another name. Two weights of such different use are equal for no other reason.
 * @returns the ties by the name of the second.
 */
export function tiesOf(weights: Iterable<Weight>): Map<string, Tie> {
  const matrices = [...weights].filter(({ role, tensor }) => role === "parameter" && tensor.dims.length === 2);
  const tables = matrices.filter(({ kind }) => kind === "table of embeddings");
  const read = new Map<string, Elements>();
  const elementsOf = ({ name, tensor }: Weight): Elements => {
    const known = read.get(name);
    if (known) return known;
    const values = floatsOf(tensor) ?? [];
    const elements = { values, fingerprint: fingerprintOf(values) };
    read.set(name, elements);
    return elements;
  };
  const ties = new Map<string, Tie>();
  for (const matrix of matrices) {
    if (!matrix.kind?.startsWith("linear weight")) continue;
    for (const table of tables) {
      const transposed = orientation(matrix, table, elementsOf);
      if (transposed === undefined) continue;
      ties.set(matrix.name, { of: table.name, transposed });
      break;
    }
  }
  return ties;
}

interface Elements {
  readonly values: ArrayLike<number>;
  readonly fingerprint: number;
}

/** A number that is the same for the same elements in any order, and hardly for others: so that few pairs of matrices are compared. */
function fingerprintOf(values: ArrayLike<number>): number {
  // 0 and -0 are equal.
  const bits = new Uint32Array(Float32Array.from(values, (x) => x + 0).buffer);
  return bits.reduce((sum, word) => (sum + Math.imul(word ^ (word >>> 15), 0x9e3779b1)) >>> 0, 0);
}

/** Whether a matrix is a table transposed (`true`), or as it is (`false`); `undefined` if it is neither. */
function orientation(matrix: Weight, table: Weight, elementsOf: (weight: Weight) => Elements): boolean | undefined {
  const [rows, columns] = matrix.tensor.dims as [number, number];
  const [height, width] = table.tensor.dims as [number, number];
  const [same, turned] = [rows === height && columns === width, rows === width && columns === height];
  if (matrix.tensor.dtype !== table.tensor.dtype || !(same || turned)) return undefined;
  const [elements, others] = [elementsOf(matrix), elementsOf(table)];
  if (elements.fingerprint !== others.fingerprint) return undefined;
  if (same && isCopy(elements.values, others.values, [width, 1], columns)) return false;
  return turned && isCopy(elements.values, others.values, [1, width], columns) ? true : undefined;
}

/** Whether a matrix of so many columns has the elements of another, read with strides; and they are not all one number. */
function isCopy(
  matrix: ArrayLike<number>,
  other: ArrayLike<number>,
  [down, across]: readonly [number, number],
  columns: number,
): boolean {
  let varies = false;
  for (let i = 0; i < matrix.length; i++) {
    if (matrix[i] !== other[Math.floor(i / columns) * down + (i % columns) * across]) return false;
    varies ||= matrix[i] !== matrix[0];
  }
  return varies;
}

/** What stands for tied weights: the parameters that they follow. */
export function tiedValues(
  weights: Iterable<Weight>,
  parameters: ReadonlyMap<string, Tensor>,
): [name: string, Tensor][] {
  return [...weights].flatMap(({ name, tie }): [string, Tensor][] => {
    const origin = tie && parameters.get(tie.of);
    return origin ? [[name, tie.transposed ? transpose(origin, 0, 1) : origin]] : [];
  });
}
