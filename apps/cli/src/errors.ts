import { GraftError } from "@graftjs/tensor";

/** Arguments or files that the command cannot work with. */
export class UsageError extends GraftError {}
