import { type ErrorDetails, GraftError } from "@graftjs/tensor";

/** Why a file could not be had. */
export type HubErrorReason =
  /** The network, or the server, cannot be reached, and there is no copy in the cache. */
  | "offline"
  /** There is no such repository, revision or file. */
  | "notFound"
  /** The server asks for an access token, or for another one. */
  | "denied"
  /** The connection broke more often than was retried. What came is kept, and the next try goes on from there. */
  | "interrupted"
  /** What came is not what the server said it would be. It was deleted. */
  | "checksum"
  /** The server answered with an error, or with something that makes no sense. */
  | "server";

/**
 * A file that could not be downloaded; `reason` says why, and the message what to do.
 *
 * @example
 * ```ts
 * import { fetchFile, HubError } from "@graftjs/models";
 *
 * try {
 *   await fetchFile("https://example.com/weights.safetensors", { offline: true });
 * } catch (error) {
 *   if (error instanceof HubError) console.log(error.reason); // "offline"
 * }
 * ```
 */
export class HubError extends GraftError {
  readonly reason: HubErrorReason;
  readonly url: string;

  constructor(reason: HubErrorReason, url: string, details: ErrorDetails, options?: ErrorOptions) {
    const { expected, got, help } = details;
    super(
      `download: expected ${expected}, got ${got}.${help ? ` ${help}` : ""}`,
      { op: "download", ...details },
      options,
    );
    this.reason = reason;
    this.url = url;
  }
}
