import { type ByteSource, blobSource } from "../byteSource.ts";
import { type CachedFile, type FileCache, type FileVersion, type PartialFile, sameVersion } from "../hub/cache.ts";
import { fail } from "../safetensors/errors.ts";

/** Browsers choose the encodings of content themselves. */
export const headers: Readonly<Record<string, string>> = {};

/** @throws {SafetensorsError} always: browsers have no paths. */
export async function openFile(path: string): Promise<ByteSource> {
  throw fail(
    "bytes, a Blob or an address",
    `the path ${path}`,
    "In a browser, let the user choose a file: it is a Blob.",
  );
}

/** @throws {SafetensorsError} always: browsers have no paths. */
export async function writeFileInParts(path: string, _parts: AsyncIterable<Uint8Array>): Promise<void> {
  throw fail("no path", path, "In a browser, offer the bytes of writeSafetensors as a download.");
}

/** Bytes of a part of a file that is kept by itself, so that a download goes on after the page was closed. */
const PART = 16 * 2 ** 20;

/** Pages that are not secure have no Cache API: they keep files as long as they live. */
const memory = new Map<string, Response>();

interface Store {
  get(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  remove(key: string): Promise<void>;
}

async function openStore(name: string): Promise<Store> {
  const address = (key: string): string => `https://cache.invalid/${key}`;
  if (typeof caches === "undefined") {
    return {
      get: async (key) => memory.get(key)?.clone(),
      put: async (key, response) => void memory.set(key, response),
      remove: async (key) => void memory.delete(key),
    };
  }
  const cache = await caches.open(name);
  return {
    get: (key) => cache.match(address(key)),
    put: (key, response) => cache.put(address(key), response),
    remove: async (key) => void (await cache.delete(address(key))),
  };
}

/** The browser's Cache API, under the given name: files, and the parts of those that are being downloaded. */
export async function openCache(folder = "graft"): Promise<FileCache> {
  const store = await openStore(folder);
  const get = (key: string): Promise<CachedFile | null> => whole(store, key);
  return {
    get,
    begin: async (key, version) => {
      const found = await get(key);
      return found && sameVersion(found.version, version) ? found : part(store, key, version);
    },
  };
}

async function whole(store: Store, key: string): Promise<CachedFile | null> {
  const response = await store.get(key);
  const version = response && versionOf(response);
  if (!response || !version) return null;
  return { version, open: async () => blobSource(await response.clone().blob()) };
}

async function part(store: Store, key: string, version: FileVersion): Promise<PartialFile> {
  const nameOf = (i: number): string => `${key}?part=${i}`;
  let blobs: Blob[] = [];
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let pendingSize = 0;
  let size = 0;
  const forget = async (): Promise<void> => {
    for (let i = 0; i < blobs.length; i++) await store.remove(nameOf(i));
    [blobs, pending, pendingSize, size] = [[], [], 0, 0];
  };
  for (let i = 0; ; i++) {
    const response = await store.get(nameOf(i));
    if (!response) break;
    if (!sameVersion(versionOf(response), version)) {
      await store.remove(nameOf(i));
      continue;
    }
    // A part after a gap belongs to a download that was forgotten.
    if (blobs.length === i) blobs.push(await response.blob());
    else await store.remove(nameOf(i));
  }
  size = blobs.reduce((n, { size: bytes }) => n + bytes, 0);
  const flush = async (): Promise<void> => {
    if (pendingSize === 0) return;
    const blob = new Blob(pending);
    await store.put(nameOf(blobs.length), responseOf(blob, version));
    blobs.push(blob);
    [pending, pendingSize] = [[], 0];
  };
  return {
    get size() {
      return size;
    },
    append: async (chunk) => {
      pending.push(new Uint8Array(chunk));
      pendingSize += chunk.length;
      size += chunk.length;
      if (pendingSize >= PART) await flush();
    },
    restart: forget,
    suspend: flush,
    discard: forget,
    digest: async (kind) => {
      const content = new Blob([...blobs, ...pending]);
      const hashed = kind === "git" ? new Blob([`blob ${size}\0`, content]) : content;
      const hash = await crypto.subtle.digest(kind === "git" ? "SHA-1" : "SHA-256", await hashed.arrayBuffer());
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    },
    finish: async () => {
      const blob = new Blob([...blobs, ...pending]);
      await store.put(key, responseOf(blob, version));
      await forget();
      return { version, open: async () => blobSource(blob) };
    },
  };
}

function responseOf(blob: Blob, { etag, size }: FileVersion): Response {
  return new Response(blob, { headers: { "X-Graft-ETag": encodeURIComponent(etag), "X-Graft-Size": String(size) } });
}

function versionOf(response: Response): FileVersion | null {
  const etag = response.headers.get("X-Graft-ETag");
  const size = Number(response.headers.get("X-Graft-Size"));
  return etag === null ? null : { etag: decodeURIComponent(etag), size };
}
