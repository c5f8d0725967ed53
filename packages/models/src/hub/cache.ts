import type { ByteSource } from "../byteSource.ts";

/** Which file it is: what the server calls it, and its size. */
export interface FileVersion {
  /** The server's ETag, without quotes: of the hub, the SHA-256 of the content, or its hash in git. Empty: none. */
  readonly etag: string;
  readonly size: number;
}

/** Whether two versions are certainly the same file. */
export function sameVersion(a: FileVersion | null | undefined, b: FileVersion): boolean {
  return a?.etag === b.etag && a.size === b.size && b.etag !== "";
}

/** A file that is there as a whole. */
export interface CachedFile {
  readonly version: FileVersion;
  /** Where it lies, if it has a path. */
  readonly path?: string;
  open(): Promise<ByteSource>;
}

/** A file of which a part is there. */
export interface PartialFile {
  /** How many bytes are there. */
  readonly size: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Forgets what is there, to begin anew. */
  restart(): Promise<void>;
  /** Keeps what is there for another time. */
  suspend(): Promise<void>;
  /** Deletes what is there. */
  discard(): Promise<void>;
  /** The SHA-256, or (`git`) git's SHA-1, of the whole file, in hexadecimal digits. */
  digest(kind: "sha256" | "git"): Promise<string>;
  /** Makes it the file that {@link FileCache.get} gives. */
  finish(): Promise<CachedFile>;
}

/** Where downloaded files are kept. Keys are relative paths. */
export interface FileCache {
  get(key: string): Promise<CachedFile | null>;
  /**
   * What is there of a version of a file, to be continued; nothing if what is there is of another version. Waits while
   * somebody else downloads the same file; if the file is whole by then, it is returned instead.
   */
  begin(key: string, version: FileVersion): Promise<PartialFile | CachedFile>;
}
