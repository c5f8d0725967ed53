import { type ErrorDetails, GraftError } from "@graftjs/tensor";

/** The base of what `@graftjs/data` throws. */
export class DataError extends GraftError {}

/** A folder, file list or array that is not the data set that was asked for. */
export class DatasetError extends DataError {
  /** The file or folder that the message speaks of, where there is one. */
  readonly path: string | undefined;

  constructor(message: string, details: ErrorDetails & { readonly path?: string } = {}) {
    super(message, details);
    this.path = details.path;
  }
}

/** An image that cannot be decoded: truncated, damaged, or not an image at all. */
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

/** Bytes that are not the IDX file they should be. */
export class IdxError extends DataError {}

/** A preprocessing contract that is missing, malformed or of an unknown version. */
export class PreprocessingError extends DataError {}

/** A preprocessing contract that does not fit the model or the image it meets. */
export class PreprocessingMismatchError extends DataError {}

/** An image transform that cannot be applied: a crop larger than the image, a size that is not a positive integer. */
export class TransformError extends DataError {}

/** A data loader that was asked for what it cannot do, or whose worker died. */
export class DataLoaderError extends DataError {}
