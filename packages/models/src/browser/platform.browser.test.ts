import { Generator } from "@graftjs/tensor";
import { beforeEach, expect, test } from "vitest";
import { fetchFile, HubError, LeNet, loadPretrained, writeSafetensors } from "../index.ts";

const name = "graft-test";
const trained = new LeNet({ generator: new Generator(1) });
const bytes = await writeSafetensors(trained.stateDict());
const hash = await crypto.subtle.digest("SHA-256", bytes);
const etag = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

let ranges: string[] = [];

beforeEach(async () => {
  await caches.delete(name);
  ranges = [];
});

/** A hub whose answers end after so many bytes. */
function hub(most: number, sent: Uint8Array<ArrayBuffer> = bytes): typeof fetch {
  return async (_, init) => {
    const range = new Headers(init?.headers).get("Range") ?? "";
    if (range === "bytes=0-0") {
      const headers = { "Content-Range": `bytes 0-0/${bytes.length}`, ETag: `"${etag}"` };
      return new Response(bytes.slice(0, 1), { status: 206, headers });
    }
    ranges.push(range);
    const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    const headers = { "Content-Range": `bytes ${start}-${sent.length - 1}/${sent.length}` };
    return new Response(sent.slice(start, start + most), { status: start ? 206 : 200, headers });
  };
}

const source = { repo: "owner/net" };

test("weights are downloaded in parts, checked, kept in the Cache, and used without a network", async () => {
  const net = new LeNet({ generator: new Generator(2) });
  await loadPretrained(net, source, { cacheFolder: name, fetch: hub(100_000), retryDelay: 1 });
  expect(net.fc1.weight.toArray()).toEqual(trained.fc1.weight.toArray());
  expect(ranges).toEqual(["", "bytes=100000-", "bytes=200000-"]);
  const broken: typeof fetch = () => Promise.reject(new TypeError("no network"));
  await loadPretrained(new LeNet(), source, { cacheFolder: name, fetch: broken });
  await expect(fetchFile({ repo: "owner/other" }, { cacheFolder: name, fetch: broken })).rejects.toThrow(
    expect.objectContaining({ name: "HubError", reason: "offline" }),
  );
});

test("what came before the connection broke is there the next time", async () => {
  const halting: typeof fetch = async (input, init) => {
    if (ranges.length > 0) throw new TypeError("no network");
    return hub(150_000)(input, init);
  };
  const failed = fetchFile(source, { cacheFolder: name, fetch: halting, retries: 0 });
  await expect(failed).rejects.toThrow(expect.objectContaining({ reason: "interrupted" }));
  ranges = [];
  await fetchFile(source, { cacheFolder: name, fetch: hub(1e9) });
  expect(ranges).toEqual(["bytes=150000-"]);
  const keys = await (await caches.open(name)).keys();
  expect(keys.map(({ url }) => new URL(url).pathname + new URL(url).search)).toEqual([
    "/hub/owner--net/main/model.safetensors",
  ]);
});

test("content that is not what was promised is not kept", async () => {
  const failed = fetchFile(source, { cacheFolder: name, fetch: hub(1e9, bytes.toReversed()) });
  await expect(failed).rejects.toThrow(HubError);
  expect(await (await caches.open(name)).keys()).toEqual([]);
});

test("there are no paths", async () => {
  await expect(loadPretrained(new LeNet(), "weights.safetensors")).rejects.toThrow("In a browser");
  await loadPretrained(new LeNet(), new Blob([bytes]));
});
