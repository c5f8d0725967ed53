import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ByteSource } from "../byteSource.ts";
import { type CachedFile, type FileCache, type FileVersion, type PartialFile, sameVersion } from "../hub/cache.ts";

/** What requests for files say: content must come as it is. */
export const headers: Readonly<Record<string, string>> = { "Accept-Encoding": "identity" };

/** A file of which parts are read when they are asked for. */
export async function openFile(path: string): Promise<ByteSource> {
  const file = await open(path, "r");
  const { size } = await file.stat();
  return {
    size,
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return bytes.subarray(0, at);
    },
    close: () => file.close(),
  };
}

/** Writes a file in parts: to a temporary one beside it, which takes its place when it is whole. */
export async function writeFileInParts(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, "w");
  try {
    for await (const part of parts) await writeAll(file, part);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `GRAFT_CACHE`, else `graft` in `XDG_CACHE_HOME`, else in `~/.cache`. */
function defaultFolder(): string {
  const { GRAFT_CACHE: own, XDG_CACHE_HOME: caches } = process.env;
  return own || join(caches || join(homedir(), ".cache"), "graft");
}

/** A folder of files: `x`, its version in `x.json`; while it is downloaded `x.part`, `x.part.json` and `x.lock`. */
export async function openCache(folder: string = defaultFolder()): Promise<FileCache> {
  const get = (key: string): Promise<CachedFile | null> => whole(join(folder, key));
  return {
    get,
    begin: async (key, version) => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      const unlock = await lock(`${path}.lock`);
      try {
        const found = await get(key);
        if (found && sameVersion(found.version, version)) {
          await unlock();
          return found;
        }
        return await part(path, version, unlock);
      } catch (error) {
        await unlock();
        throw error;
      }
    },
  };
}

async function whole(path: string): Promise<CachedFile | null> {
  const version = await readVersion(`${path}.json`);
  const size = await sizeOf(path);
  return version && size === version.size ? { version, path, open: () => openFile(path) } : null;
}

async function part(path: string, version: FileVersion, unlock: () => Promise<void>): Promise<PartialFile> {
  const [temporary, described] = [`${path}.part`, `${path}.part.json`];
  const before = await readVersion(described);
  const file = await open(temporary, "a+");
  const same = sameVersion(before, version);
  const found = same ? ((await sizeOf(temporary)) ?? 0) : 0;
  let size = found <= version.size ? found : 0;
  if (size === 0) await file.truncate(0);
  if (!same) await writeWhole(described, JSON.stringify(version));
  const discard = async (): Promise<void> => {
    await file.close();
    await rm(temporary, { force: true });
    await rm(described, { force: true });
    await unlock();
  };
  return {
    get size() {
      return size;
    },
    append: async (chunk) => {
      await writeAll(file, chunk);
      size += chunk.length;
    },
    restart: async () => {
      await file.truncate(0);
      size = 0;
    },
    suspend: async () => {
      await file.close();
      await unlock();
    },
    discard,
    digest: (kind) => hashOf(temporary, kind, size),
    finish: async () => {
      await file.sync();
      await file.close();
      // The old version is taken away first, so that it never describes the new file.
      await rm(`${path}.json`, { force: true });
      await rename(temporary, path);
      await writeWhole(`${path}.json`, JSON.stringify(version));
      await rm(described, { force: true });
      await unlock();
      return { version, path, open: () => openFile(path) };
    },
  };
}

/** How long a lock holds without being renewed: after that, whoever held it is gone. */
const LOCK_SECONDS = 30;

/** Waits until nobody else holds the lock; renews it until it is given back. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(path, "wx")).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => (Date.now() - mtimeMs) / 1000,
      () => 0,
    );
    if (age > LOCK_SECONDS) await rm(path, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const renew = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, 5000);
  renew.unref();
  return async () => {
    clearInterval(renew);
    await rm(path, { force: true });
  };
}

async function hashOf(path: string, kind: "sha256" | "git", size: number): Promise<string> {
  const hash = createHash(kind === "git" ? "sha1" : "sha256");
  // What git hashes is the content after this.
  if (kind === "git") hash.update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

async function readVersion(path: string): Promise<FileVersion | null> {
  try {
    const { etag, size } = JSON.parse(await readFile(path, "utf8")) as Partial<FileVersion>;
    return typeof etag === "string" && typeof size === "number" ? { etag, size } : null;
  } catch {
    return null;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += (await file.write(bytes, at)).bytesWritten;
}
