import { GraftError } from "@graftjs/tensor";

/** A saved state that does not fit the optimiser, schedule or average that is to go on from it. */
export class OptimizerStateError extends GraftError {}
