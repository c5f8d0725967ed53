import { isGraftError, noGrad, numel, type Tensor, zeros } from "@graftjs/tensor";
import { exportModel } from "../src/export.ts";
import { inspect } from "../src/inspect.ts";
import { readModel } from "../src/model.ts";
import { importModel } from "../src/module.ts";

/** How an attempt at a model ended: it ran, or it was refused before that, with a typed error or as too large. */
export type Ending = "ran" | "refused";

/** Models whose values have more elements than this in all, for one sample, are imported and not run. */
const largestRun = 2 ** 17;

/**
 * Inspects, imports, runs and exports whatever the bytes are.
 * @throws what is no typed error
 */
export async function attempt(bytes: Uint8Array): Promise<Ending> {
  let ending: Ending = "refused";
  try {
    const model = readModel(bytes);
    inspect(model);
    const network = importModel(model).eval();
    const elements = [...network.shapes.values()].reduce((total, shape) => total + numel(shape), 0);
    if (elements > largestRun) return ending;
    const inputs = network.inputSpecs().map(({ shape, dtype }) => zeros(shape, { dtype })) as [Tensor, ...Tensor[]];
    noGrad(() => network.forward(...inputs)).toArray();
    ending = "ran";
    network.replaceHead(2);
    await exportModel(network);
  } catch (error) {
    if (!isGraftError(error)) throw error;
  }
  return ending;
}
