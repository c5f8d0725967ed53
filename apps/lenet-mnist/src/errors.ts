import { GraftError } from "@graftjs/tensor";

/** MNIST files that are not there, damaged, or could not be fetched. */
export class MnistError extends GraftError {}

/** Command-line arguments that do not go together. */
export class UsageError extends GraftError {}
