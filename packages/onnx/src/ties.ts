import { type Tensor, transpose } from "@graftjs/tensor";
import type { OnnxArray } from "./tensorData.ts";
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
  const ties = new Map<string, Tie>();
  for (const { name, kind, tensor } of matrices) {
    if (!kind?.startsWith("linear weight")) continue;
    const [rows, columns] = tensor.dims as [number, number];
    for (const table of tables) {
      const [height, width] = table.tensor.dims as [number, number];
      if (tensor.dtype !== table.tensor.dtype) continue;
      if (rows === height && columns === width && isCopy(tensor.data(), table.tensor.data(), [width, 1], width))
        ties.set(name, { of: table.name, transposed: false });
      else if (rows === width && columns === height && isCopy(tensor.data(), table.tensor.data(), [1, width], height))
        ties.set(name, { of: table.name, transposed: true });
    }
  }
  return ties;
}

/** Whether a matrix of so many columns has the elements of another, read with strides; and they are not all one number. */
function isCopy(
  matrix: OnnxArray,
  other: OnnxArray,
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
