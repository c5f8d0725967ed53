import { ArgumentError } from "@graftjs/tensor";
import { headers as platformHeaders } from "#platform";
import { bareETag, type RemoteFile, refusal, whatFailed } from "./download.ts";
import { HubError } from "./errors.ts";

/** A file of a repository of the Hugging Face hub. */
export interface HubFile {
  /** `owner/name`. */
  readonly repo: string;
  /** Path in the repository. Default `model.safetensors`. */
  readonly file?: string;
  /** Branch, tag or commit. Default `main`. Given a whole commit, a file that is in the cache is used without asking. */
  readonly revision?: string;
}

/** Where a file is fetched from. */
export interface LocateOptions {
  /** Address of the hub, or of a mirror. Default `https://huggingface.co`. */
  readonly hubUrl?: string;
  /** For repositories that are private, or have terms to be accepted: `hf_...`. */
  readonly accessToken?: string;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

/** Where a file is to be had, and where it is kept. */
export interface Place {
  readonly key: string;
  /** Whether what has been downloaded once cannot have changed. */
  readonly immutable: boolean;
  /** Asks the server what there is now. @throws {HubError} */
  locate(): Promise<RemoteFile>;
}

const HUB = "https://huggingface.co";

/** @throws {ArgumentError} if repository, revision or file are no such names. */
export function hubPlace(
  { repo, file = "model.safetensors", revision = "main" }: HubFile,
  options: LocateOptions,
): Place {
  checkName("a repository, owner/name", repo, /^[\w.-]+\/[\w.-]+$/);
  checkName("a revision", revision, /^[\w./-]+$/);
  checkName("a path in the repository", file, /^[\w./ +-]+$/);
  const { hubUrl = HUB, accessToken, signal, fetch: request = fetch } = options;
  const url = `${hubUrl}/${repo}/resolve/${encodeURIComponent(revision)}/${file}`;
  return {
    key: `hub/${repo.replace("/", "--")}/${encodeURIComponent(revision)}/${file}`,
    immutable: /^[0-9a-f]{40}$/.test(revision),
    locate: async () => {
      // Loaded when it is needed: most programs read files that they have.
      const { fileDownloadInfo } = await import("@huggingface/hub");
      const abortable: typeof fetch = (input, init) => request(input, { ...init, ...(signal && { signal }) });
      const token = accessToken === undefined ? {} : { accessToken };
      const info = await reach(url, signal, () => {
        return fileDownloadInfo({ repo, path: file, revision, hubUrl, fetch: abortable, ...token });
      });
      if (!info) throw refusal(url, 404);
      // Plain ranges of bytes, from the hub or from where it leads: they can be resumed and checked.
      const headers: Record<string, string> = accessToken ? { Authorization: `Bearer ${accessToken}` } : {};
      return { url, version: { etag: bareETag(info.etag), size: info.size }, headers, tagged: false };
    },
  };
}

/** A file at any address. */
export async function urlPlace(url: string, { fetch: request = fetch, signal }: LocateOptions): Promise<Place> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url));
  const digits = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    key: `url/${digits.slice(0, 32)}`,
    immutable: false,
    locate: async () => {
      const headers = { ...platformHeaders, Range: "bytes=0-0" };
      const response = await reach(url, signal, () => request(url, { headers, ...(signal && { signal }) }));
      await response.body?.cancel();
      if (!response.ok) throw refusal(url, response.status);
      const ranged = response.headers.get("Content-Range")?.split("/")[1];
      const size = Number(ranged ?? response.headers.get("Content-Length") ?? Number.NaN);
      if (!Number.isSafeInteger(size)) {
        throw new HubError("server", url, { expected: `${url} to have a size`, got: "none" });
      }
      const named = response.headers.get("ETag") ?? response.headers.get("Last-Modified") ?? "";
      const tagged = response.headers.has("ETag");
      return { url, version: { etag: bareETag(named), size }, headers: {}, tagged };
    },
  };
}

/** Makes the errors of a request ours. */
async function reach<T>(url: string, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    const status = (error as { readonly statusCode?: unknown }).statusCode;
    if (typeof status === "number") throw refusal(url, status);
    throw unreachable(url, error);
  }
}

/** The error for a server that does not answer. */
export function unreachable(url: string, cause: unknown): HubError {
  const help =
    "Connect to the network and try again, or download the file elsewhere and pass its path, or its bytes, instead.";
  return new HubError("offline", url, { expected: `an answer from ${url}`, got: whatFailed(cause), help }, { cause });
}

function checkName(expected: string, got: string, pattern: RegExp): void {
  const steps = got.split("/");
  if (pattern.test(got) && steps.every((step) => step !== "" && step !== "." && step !== "..")) return;
  throw new ArgumentError({ op: "download", expected, got: JSON.stringify(got) });
}
