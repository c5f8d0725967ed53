import { headers as platformHeaders } from "#platform";
import type { CachedFile, FileCache, FileVersion, PartialFile } from "./cache.ts";
import { HubError } from "./errors.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes that are there, those of earlier tries included. */
  readonly loaded: number;
  /** Bytes of the whole file. */
  readonly total: number;
}

/** Options of downloads. */
export interface TransferOptions {
  /** Called whenever bytes have come. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** How often a broken connection is tried again without any byte coming. Default 5. */
  readonly retries?: number;
  /** Milliseconds before the first of these tries; doubled each time. Default 500. */
  readonly retryDelay?: number;
  /** Stops the download; what came is kept for the next time. */
  readonly signal?: AbortSignal;
  /** What makes requests. Default: `fetch`. */
  readonly fetch?: typeof fetch;
}

/** A file on a server, of a version that is known. */
export interface RemoteFile {
  readonly url: string;
  readonly version: FileVersion;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether each answer carries the version's ETag; where a server leads elsewhere, it need not. */
  readonly tagged: boolean;
}

/**
 * Brings a file into the cache: goes on where an earlier download stopped, tries again when the connection breaks, and
 * checks the content against the server's checksum before the file counts as there.
 * @throws {HubError} `interrupted`, `checksum`, `denied`, `notFound` or `server`. @throws the signal's reason, if aborted.
 */
export async function transfer(
  cache: FileCache,
  key: string,
  remote: RemoteFile,
  options: TransferOptions,
): Promise<CachedFile> {
  const found = await cache.begin(key, remote.version);
  if (!("append" in found)) return found;
  try {
    await fill(found, remote, options);
  } catch (error) {
    await (error instanceof HubError && error.reason === "checksum" ? found.discard() : found.suspend());
    throw error;
  }
  const expected = checksumOf(remote.version.etag);
  const got = expected && (await found.digest(expected.kind));
  if (expected && got !== expected.digest) {
    await found.discard();
    throw mismatch(remote.url, `${expected.kind} ${expected.digest}`, `${got}`);
  }
  return found.finish();
}

/** The hub's ETags are SHA-256 of large files, and git's hash of small ones; other servers' say nothing of the content. */
function checksumOf(etag: string): { readonly kind: "sha256" | "git"; readonly digest: string } | null {
  if (/^[0-9a-f]{64}$/.test(etag)) return { kind: "sha256", digest: etag };
  return /^[0-9a-f]{40}$/.test(etag) ? { kind: "git", digest: etag } : null;
}

async function fill(part: PartialFile, remote: RemoteFile, options: TransferOptions): Promise<void> {
  const { retries = 5, retryDelay = 500, signal, onProgress } = options;
  const { size: total } = remote.version;
  let failures = 0;
  let furthest = part.size;
  onProgress?.({ loaded: part.size, total });
  while (part.size < total) {
    try {
      await receive(part, remote, options);
      if (part.size < total) throw new Error(`the connection ended at byte ${part.size}`);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof HubError) throw error;
      failures = part.size > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, part.size);
      if (failures > retries) throw interrupted(remote.url, part.size, total, error);
      await pause(retryDelay * 2 ** (failures - 1), signal);
    }
  }
  if (part.size > total) throw mismatch(remote.url, `${total} bytes`, `at least ${part.size}`);
}

/** One request, from where the part ends, as far as it gets. */
async function receive(part: PartialFile, remote: RemoteFile, options: TransferOptions): Promise<void> {
  const { fetch: request = fetch, signal, onProgress } = options;
  const from = part.size;
  const range = from > 0 ? { Range: `bytes=${from}-` } : {};
  const response = await request(remote.url, {
    headers: { ...platformHeaders, ...remote.headers, ...range },
    ...(signal && { signal }),
  });
  if (response.status === 429 || response.status >= 500) throw new Error(`the server answered ${response.status}`);
  // Not what was asked for: the file is sent from its start, or is shorter than what is there.
  const start = /^bytes (\d+)-/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  if (from > 0 && (response.status === 416 || (response.status === 206 && Number(start) !== from))) {
    await response.body?.cancel();
    await part.restart();
    throw new Error(`the server does not go on at byte ${from}`);
  }
  if (!response.ok) throw refusal(remote.url, response.status);
  const etag = response.headers.get("ETag");
  if (remote.tagged && etag !== null && bareETag(etag) !== remote.version.etag) {
    throw mismatch(remote.url, `the ETag ${remote.version.etag}`, bareETag(etag));
  }
  if (from > 0 && response.status !== 206) await part.restart();
  if (!response.body) throw new Error("the server sent nothing");
  const reader = response.body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await part.append(next.value);
      onProgress?.({ loaded: part.size, total: remote.version.size });
      if (part.size > remote.version.size) break;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The message of what `fetch` threw, or of what is behind it. */
export function whatFailed(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}

/** An ETag without quotes and without the mark of weak ones. */
export function bareETag(etag: string): string {
  return etag.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

/** The error for an answer that is final. */
export function refusal(url: string, status: number): HubError {
  const got = `status ${status}`;
  if (status === 401 || status === 403) {
    const help = "Does it exist? If so, accept its terms if it has any, and pass an accessToken that may read it.";
    return new HubError("denied", url, { expected: `leave to read ${url}`, got, help });
  }
  if (status === 404) {
    const help = "Check the names of repository, revision and file.";
    return new HubError("notFound", url, { expected: `a file at ${url}`, got, help });
  }
  return new HubError("server", url, { expected: `a file from ${url}`, got });
}

function interrupted(url: string, size: number, total: number, cause: unknown): HubError {
  const got = `${size} of ${total} bytes: ${whatFailed(cause)}`;
  const help = "What came is kept: call again to go on from there.";
  return new HubError("interrupted", url, { expected: `all of ${url}`, got, help }, { cause });
}

function mismatch(url: string, expected: string, got: string): HubError {
  const help = "The download was deleted; try again.";
  return new HubError("checksum", url, { expected: `${url} to have ${expected}`, got, help });
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
  signal?.throwIfAborted();
}
