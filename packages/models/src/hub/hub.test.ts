import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CachedFile, type FetchFileOptions, fetchFile, HubError } from "../index.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) % 251);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const gitHash = (bytes: Uint8Array): string => {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
};

/** How the server behaves: as the hub, which leads to another address for the content, with faults. */
interface Behaviour {
  content: Uint8Array;
  etag: string;
  /** What is sent instead of the content. */
  sent?: Uint8Array;
  /** The connection breaks after so many bytes of each answer; of the first ones only, if `breaks` says how many. */
  breakAfter?: number;
  breaks?: number;
  ignoresRanges?: boolean;
  status?: number;
}

let behaviour: Behaviour;
let requests: { path: string; range: string | undefined; authorization: string | undefined }[];
let server: Server;
let origin: string;
let folder: string;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url: path = "", headers } = request;
  requests.push({ path, range: headers.range, authorization: headers.authorization });
  const { content: bytes, etag, status } = behaviour;
  if (status) return void response.writeHead(status).end("refused");
  if (!path.includes("model.safetensors")) {
    return void response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end();
  }
  // What the hub says of a file is asked for by its first byte.
  if (path.startsWith("/owner") && headers.range === "bytes=0-0") {
    const range = `bytes 0-0/${bytes.length}`;
    return void response
      .writeHead(206, { "Content-Range": range, "X-Linked-ETag": `"${etag}"` })
      .end(bytes.slice(0, 1));
  }
  if (path.startsWith("/owner")) return void response.writeHead(302, { Location: `/content${path}` }).end();
  send(behaviour.sent ?? bytes, headers.range, path.startsWith("/plain") ? { ETag: `"${etag}"` } : {}, response);
}

function send(bytes: Uint8Array, range: string | undefined, headers: object, response: ServerResponse): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(behaviour.ignoresRanges ? "" : (range ?? "")) ?? [];
  const start = Number(first ?? 0);
  if (start >= bytes.length) return void response.writeHead(416).end();
  const part = bytes.slice(start, last ? Number(last) + 1 : bytes.length);
  const extent = { "Content-Range": `bytes ${start}-${start + part.length - 1}/${bytes.length}` };
  response.writeHead(first === undefined ? 200 : 206, {
    ...headers,
    ...(first !== undefined && extent),
    "Content-Length": part.length,
  });
  const { breakAfter = Number.POSITIVE_INFINITY, breaks = Number.POSITIVE_INFINITY } = behaviour;
  if (part.length <= breakAfter || breaks === 0) return void response.end(part);
  behaviour.breaks = breaks - 1;
  response.write(part.slice(0, breakAfter), () => setTimeout(() => response.destroy(), 10));
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(async () => {
  behaviour = { content, etag: sha256(content) };
  requests = [];
  folder = await mkdtemp(join(tmpdir(), "graft-hub-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const get = (options: FetchFileOptions = {}, revision = "main"): Promise<CachedFile> => {
  const source = { repo: "owner/net", revision };
  return fetchFile(source, { hubUrl: origin, cacheFolder: folder, retryDelay: 1, ...options });
};

async function bytesOf(file: CachedFile): Promise<Uint8Array> {
  const source = await file.open();
  try {
    return await source.read(0, source.size);
  } finally {
    await source.close();
  }
}

async function reasonOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

const dataRequests = (): typeof requests => requests.filter(({ path }) => path.startsWith("/content"));

describe("a file of the hub", () => {
  test("is downloaded once, and kept under its name", async () => {
    const file = await get();
    expect(await bytesOf(file)).toEqual(content);
    expect(file.path).toBe(join(folder, "hub/owner--net/main/model.safetensors"));
    expect((await readdir(join(folder, "hub/owner--net/main"))).sort()).toEqual([
      "model.safetensors",
      "model.safetensors.json",
    ]);
    await get();
    expect(dataRequests()).toHaveLength(1);
    expect(requests).toHaveLength(4);
  });

  test("of a commit is not asked for again; of a branch it is, and downloaded anew if it changed", async () => {
    const commit = "0123456789".repeat(4);
    await get({}, commit);
    requests = [];
    await get({}, commit);
    expect(requests).toEqual([]);
    await get();
    behaviour = { content: content.slice(5), etag: sha256(content.slice(5)) };
    expect(await bytesOf(await get())).toEqual(content.slice(5));
  });

  test("small files have git's hash", async () => {
    behaviour.etag = gitHash(content);
    expect(await bytesOf(await get())).toEqual(content);
    behaviour.sent = content.toReversed();
    expect(await reasonOf(get({}, "other"))).toMatchObject({ reason: "checksum" });
  });

  test("an access token is shown to the hub", async () => {
    await get({ accessToken: "hf_something" });
    expect(requests[0]?.authorization).toBe("Bearer hf_something");
  });
});

describe("a connection that breaks", () => {
  test("is taken up where it broke", async () => {
    behaviour.breakAfter = 70_000;
    const loaded: number[] = [];
    const file = await get({ onProgress: (p) => loaded.push(p.loaded), retries: 1 });
    expect(await bytesOf(file)).toEqual(content);
    const starts = dataRequests().map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range ?? "bytes=0-")?.[1]));
    expect(starts.length).toBeGreaterThan(3);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(new Set(starts).size).toBe(starts.length);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect([loaded[0], loaded.at(-1)]).toEqual([0, content.length]);
  });

  test("too often is an error, after which the next call goes on", async () => {
    behaviour.sent = content.slice(0, 100_000);
    const error = await reasonOf(get({ retries: 2 }));
    expect(error).toMatchObject({ reason: "interrupted", op: "download" });
    expect(error.message).toContain("100000 of 300000 bytes");
    expect(error.help).toContain("call again");
    delete behaviour.sent;
    requests = [];
    expect(await bytesOf(await get())).toEqual(content);
    expect(dataRequests().map(({ range }) => range)).toEqual(["bytes=100000-"]);
  });

  test("whose server cannot go on is begun anew", async () => {
    Object.assign(behaviour, { breakAfter: 70_000, breaks: 2, ignoresRanges: true });
    expect(await bytesOf(await get())).toEqual(content);
    Object.assign(behaviour, { breaks: 1000 });
    expect(await reasonOf(get({ retries: 3 }, "other"))).toMatchObject({ reason: "interrupted" });
  });

  test("a part of another version is not continued", async () => {
    behaviour.sent = content.slice(0, 100_000);
    await reasonOf(get({ retries: 0 }));
    const next = content.map((v) => v ^ 1);
    behaviour = { content: next, etag: sha256(next) };
    expect(await bytesOf(await get())).toEqual(next);
  });

  test("the caller can stop it, and go on later", async () => {
    const stop = new AbortController();
    const onProgress = ({ loaded }: { readonly loaded: number }): void => {
      if (loaded > 0) stop.abort(new Error("enough"));
    };
    await expect(get({ signal: stop.signal, onProgress })).rejects.toThrow("enough");
    requests = [];
    expect(await bytesOf(await get())).toEqual(content);
    expect(dataRequests()[0]?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });
});

describe("a file that cannot be had", () => {
  test("content that is not what was promised is deleted", async () => {
    behaviour.sent = content.toReversed();
    expect(await reasonOf(get())).toMatchObject({ reason: "checksum", expected: expect.stringContaining("sha256") });
    behaviour.sent = Uint8Array.from({ length: content.length + 1 }, (_, i) => content[i] ?? 1);
    expect(await reasonOf(get())).toMatchObject({ reason: "checksum", got: "at least 300001" });
    expect(await readdir(join(folder, "hub/owner--net/main"))).toEqual([]);
  });

  test.each([
    [401, "denied", "accessToken"],
    [403, "denied", "accessToken"],
    [404, "notFound", "Check the names"],
    [400, "server", "status 400"],
  ])("status %d", async (status, reason, message) => {
    behaviour.status = status;
    const error = await reasonOf(get());
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(message);
  });

  test("no such file", async () => {
    const other = fetchFile({ repo: "owner/net", file: "other.bin" }, { hubUrl: origin, cacheFolder: folder });
    expect(await reasonOf(other)).toMatchObject({ reason: "notFound" });
  });

  test("offline: what is in the cache is used, else the error says what to do", async () => {
    const nowhere = { hubUrl: "http://127.0.0.1:9" };
    const error = await reasonOf(get(nowhere));
    expect(error.reason).toBe("offline");
    expect(error.help).toContain("pass its path");
    expect(await reasonOf(get({ offline: true }))).toMatchObject({ reason: "offline" });
    await get();
    requests = [];
    expect(await bytesOf(await get(nowhere))).toEqual(content);
    expect(await bytesOf(await get({ offline: true }))).toEqual(content);
    expect(requests).toEqual([]);
  });

  test.each([
    { repo: "owner" },
    { repo: "../x" },
    { repo: "owner/net", file: "../../x" },
    { repo: "owner/net", file: "/x" },
    { repo: "owner/net", file: "a\\b" },
    { repo: "owner/net", revision: ".." },
  ])("names that are none: %j", async (source) => {
    await expect(fetchFile(source)).rejects.toThrow(expect.objectContaining({ name: "ArgumentError", op: "download" }));
  });
});

describe("the cache", () => {
  test("who asks for the same file at once waits for the one download", async () => {
    const files = await Promise.all([get(), get(), get()]);
    for (const file of files) expect(await bytesOf(file)).toEqual(content);
    expect(dataRequests()).toHaveLength(1);
  });

  test("the lock of somebody who is gone does not hold", async () => {
    await get();
    const path = join(folder, "hub/owner--net/main/model.safetensors");
    await rm(path);
    await writeFile(`${path}.lock`, "");
    const past = new Date(Date.now() - 3600_000);
    await utimes(`${path}.lock`, past, past);
    expect(await bytesOf(await get())).toEqual(content);
  });

  test("a file that was cut short is downloaded anew", async () => {
    const { path = "" } = await get();
    await writeFile(path, content.slice(9));
    expect(await bytesOf(await get())).toEqual(content);
    await writeFile(`${path}.json`, "{");
    expect(await bytesOf(await get())).toEqual(content);
  });
});

describe("a file at an address", () => {
  const at = (options: FetchFileOptions = {}): Promise<CachedFile> => {
    return fetchFile(`${origin}/plain/model.safetensors`, { cacheFolder: folder, retryDelay: 1, ...options });
  };

  test("is downloaded, resumed and kept as those of the hub", async () => {
    behaviour.etag = "v1";
    behaviour.breakAfter = 120_000;
    const file = await at();
    expect(new Uint8Array(await readFile(file.path as string))).toEqual(content);
    requests = [];
    await fetchFile(new URL(`${origin}/plain/model.safetensors`), { cacheFolder: folder });
    expect(requests).toHaveLength(1);
    expect(await reasonOf(fetchFile(`${origin}/nothing`, { cacheFolder: folder }))).toMatchObject({
      reason: "notFound",
    });
  });

  test("that changes while it comes is an error", async () => {
    behaviour.etag = "v1";
    behaviour.breakAfter = 120_000;
    const onProgress = ({ loaded }: { readonly loaded: number }): void => {
      if (loaded > 0) behaviour.etag = "v2";
    };
    expect(await reasonOf(at({ onProgress }))).toMatchObject({ reason: "checksum", got: "v2" });
  });
});
