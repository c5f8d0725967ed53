import type { Sample, SampleKey } from "./dataset.ts";
import { DataLoaderError, ImageDecodeError } from "./errors.ts";

/** What a loader asks of a worker. */
export interface LoadRequest extends SampleKey {
  readonly id: number;
  readonly index: number;
}

/** What a worker answers; an error travels as the parts that make it. */
export type LoadReply =
  | { readonly id: number; readonly sample: Sample }
  | { readonly id: number; readonly error: ErrorParts };

interface ErrorParts {
  readonly message: string;
  readonly decode?: { readonly file: string; readonly reason: string };
}

/** Takes an error apart: class identity does not cross threads. */
export function toParts(error: unknown): ErrorParts {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ImageDecodeError)) return { message };
  return { message, decode: { file: error.file, reason: error.reason } };
}

function fromParts({ message, decode }: ErrorParts): Error {
  return decode
    ? new ImageDecodeError(decode.file, decode.reason)
    : new DataLoaderError(`DataLoader worker: ${message}`, { op: "DataLoader" });
}

interface Waiting {
  readonly resolve: (sample: Sample) => void;
  readonly reject: (error: Error) => void;
}

/** The loader's end of a worker: matches replies to requests. */
export class PendingLoads {
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** Notes a request, sends it, and waits for its reply. */
  request(index: number, key: SampleKey, send: (request: LoadRequest) => void): Promise<Sample> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      send({ id, index, ...key });
    });
  }

  settle(reply: LoadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("sample" in reply) waiting?.resolve(reply.sample);
    else waiting?.reject(fromParts(reply.error));
  }

  /** Rejects all that wait. */
  fail(reason: string): void {
    const error = new DataLoaderError(`DataLoader: ${reason}.`, { op: "DataLoader", got: reason });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
