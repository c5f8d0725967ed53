import { add, cast, matmul, type Tensor } from "@graftjs/tensor";
import type { OnnxNode } from "../../graph.ts";
import { linearRows } from "../../lift.ts";
import type { Inputs } from "../../operator.ts";

/** Why a node is refused whose weights are no inputs here: they are taken out of attributes in the main graph alone. */
const withinAnother =
  "its weights lie inside of a function or a nested graph, where they cannot be reached for training";

/** @throws unless a node's coefficients were made its inputs, and are as many for each row. */
export function checkLinear({ inputs, attributes }: OnnxNode, reject: (reason: string) => never): void {
  const coefficients = attributes.get("coefficients")?.value;
  const count = Array.isArray(coefficients) ? coefficients.length : 0;
  const rows = linearRows(attributes);
  if (count === 0 || count % rows !== 0) reject(`${count} coefficients in ${rows} rows`);
  if (inputs.length < 2) reject(withinAnother);
}

/** X · Cᵀ + b, with the coefficients C [E, F] and the intercepts b [E] that were taken out of the node's attributes. */
export function linearScores(inputs: Inputs): Tensor {
  const scores = matmul(cast(inputs.tensor(0), "float32"), inputs.tensor(1), { transposeB: true });
  return inputs.has(2) ? add(scores, inputs.tensor(2)) : scores;
}
