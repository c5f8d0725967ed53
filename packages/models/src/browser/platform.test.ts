import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as node from "../node/platform.ts";
import * as browser from "./platform.ts";

test("Node and browsers offer the same", () => {
  const same: typeof node = browser;
  expect(Object.keys(same).sort()).toEqual(Object.keys(node).sort());
});

const version = { etag: "v1", size: 6 };

test.each([
  ["Node", node],
  ["browsers without the Cache API", browser],
])("%s: a part is continued, forgotten for another version, and becomes the file", async (_, { openCache }) => {
  const folder = await mkdtemp(join(tmpdir(), "graft-cache-"));
  try {
    const cache = await openCache(folder);
    const begin = async (wanted: typeof version) => {
      const part = await cache.begin("a/b", wanted);
      if (!("append" in part)) throw new Error("is whole");
      return part;
    };
    const first = await begin(version);
    await first.append(Uint8Array.of(1, 2, 3, 4));
    await first.suspend();
    const other = await begin({ etag: "v2", size: 6 });
    expect(other.size).toBe(0);
    await other.append(Uint8Array.of(9));
    await other.suspend();
    const again = await begin(version);
    expect(again.size).toBe(0);
    await again.append(Uint8Array.of(1, 2, 3));
    await again.suspend();
    const last = await begin(version);
    expect(last.size).toBe(3);
    await last.append(Uint8Array.of(4, 5, 6));
    expect(await last.digest("sha256")).toBe("7192385c3c0605de55bb9476ce1d90748190ecb32a8eed7f5207b30cf6a1fe89");
    expect(await cache.get("a/b")).toBeNull();
    await last.finish();
    const file = await cache.get("a/b");
    expect(file?.version).toEqual(version);
    const source = await file?.open();
    expect([...((await source?.read(1, 4)) ?? [])]).toEqual([2, 3, 4]);
    await source?.close();
    expect("append" in (await cache.begin("a/b", version))).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
