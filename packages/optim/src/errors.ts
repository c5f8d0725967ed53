import { GraftError } from "@graftjs/tensor";

/**
 * A saved state that does not fit the optimiser, schedule or average that is to go on from it.
 *
 * @example
 * ```ts
 * import { Linear } from "@graftjs/nn";
 * import { OptimizerStateError, SGD } from "@graftjs/optim";
 *
 * const [a, b] = [new Linear(1, 1), new Linear(2, 2)];
 * try {
 *   new SGD(a.parameters()).loadStateDict(new SGD([...a.parameters(), ...b.parameters()]).stateDict());
 * } catch (error) {
 *   console.log(error instanceof OptimizerStateError); // true
 * }
 * ```
 */
export class OptimizerStateError extends GraftError {}
