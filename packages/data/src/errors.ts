import { type ErrorDetails, GraftError } from "@graftjs/tensor";

/**
 * The base of what `@graftjs/data` throws.
 *
 * @example
 * ```ts
 * import { DataError, TensorDataset } from "@graftjs/data";
 *
 * try {
 *   new TensorDataset({ inputs: new Float32Array(3), shape: [2], labels: [0, 1] });
 * } catch (error) {
 *   console.log(error instanceof DataError); // true
 * }
 * ```
 */
export class DataError extends GraftError {}

/**
 * A folder, file list or array that is not the data set that was asked for.
 *
 * @example
 * ```ts
 * import { DatasetError, TensorDataset } from "@graftjs/data";
 *
 * try {
 *   new TensorDataset({ inputs: new Float32Array(3), shape: [2], labels: [0, 1] });
 * } catch (error) {
 *   if (error instanceof DatasetError) console.log(error.expected, error.got); // "2 labels × [2] = 4 values" "3"
 * }
 * ```
 */
export class DatasetError extends DataError {
  /** The file or folder that the message speaks of, where there is one. */
  readonly path: string | undefined;

  constructor(message: string, details: ErrorDetails & { readonly path?: string } = {}) {
    super(message, details);
    this.path = details.path;
  }
}

/**
 * An image that cannot be decoded: truncated, damaged, or not an image at all.
 *
 * @example
 * ```ts
 * import { ImageDecodeError } from "@graftjs/data";
 * import { decodeImage } from "@graftjs/data/node";
 *
 * try {
 *   await decodeImage(Uint8Array.of(1, 2, 3), "photo.jpg");
 * } catch (error) {
 *   if (error instanceof ImageDecodeError) console.log(error.file); // "photo.jpg"
 * }
 * ```
 */
export class ImageDecodeError extends DataError {
  /** The file, or what the bytes were called. */
  readonly file: string;
  /** What the decoder said. */
  readonly reason: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(
      `cannot decode image ${file}: ${reason}. Replace or remove the file, or leave bad images out (skipBad).`,
      { op: "decodeImage", expected: "a complete JPEG, PNG or WebP image", got: reason },
      options,
    );
    this.file = file;
    this.reason = reason;
  }
}

/**
 * Bytes that are not the IDX file they should be.
 *
 * @example
 * ```ts
 * import { IdxError, readIdx } from "@graftjs/data";
 *
 * try {
 *   await readIdx(Uint8Array.of(1, 2, 3, 4));
 * } catch (error) {
 *   console.log(error instanceof IdxError); // true
 * }
 * ```
 */
export class IdxError extends DataError {}

/**
 * A preprocessing contract that is missing, malformed or of an unknown version.
 *
 * @example
 * ```ts
 * import { parsePreprocessing, PreprocessingError } from "@graftjs/data";
 *
 * try {
 *   parsePreprocessing({ version: 2 });
 * } catch (error) {
 *   console.log(error instanceof PreprocessingError); // true
 * }
 * ```
 */
export class PreprocessingError extends DataError {}

/**
 * A preprocessing contract that does not fit the model or the image it meets.
 *
 * @example
 * ```ts
 * import { PreprocessingMismatchError, presetFor } from "@graftjs/data";
 *
 * try {
 *   presetFor("imagenet", ["N", 10]);
 * } catch (error) {
 *   console.log(error instanceof PreprocessingMismatchError); // true
 * }
 * ```
 */
export class PreprocessingMismatchError extends DataError {}

/**
 * An image transform that cannot be applied: a crop larger than the image, a size that is not a positive integer.
 *
 * @example
 * ```ts
 * import { resize, TransformError } from "@graftjs/data";
 *
 * const image = { width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) } as const;
 * try {
 *   resize(image, { height: 0, width: 2 });
 * } catch (error) {
 *   console.log(error instanceof TransformError); // true
 * }
 * ```
 */
export class TransformError extends DataError {}

/**
 * A data loader that was asked for what it cannot do, or whose worker died.
 *
 * @example
 * ```ts
 * import { DataLoader, DataLoaderError, TensorDataset } from "@graftjs/data";
 *
 * const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2), shape: [1], labels: [0, 1] });
 * try {
 *   for await (const _ of new DataLoader(dataset, { workers: 2 })) break;
 * } catch (error) {
 *   if (error instanceof DataLoaderError) console.log(error.help); // "Use workers: 0 for data that lies in memory."
 * }
 * ```
 */
export class DataLoaderError extends DataError {}
