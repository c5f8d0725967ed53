import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checksums, fetchMnist, mirrors } from "./download.ts";
import { MnistError } from "./errors.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const content = new TextEncoder().encode("digits");
const sums = { file: createHash("sha256").update(content).digest("hex") };

/** A `fetch` that answers as told, mirror by mirror, and keeps what it was asked for. */
function answering(...answers: (string | Error)[]): { get: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const get = async (url: unknown): Promise<Response> => {
    const answer = answers[asked.push(String(url)) - 1];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("asked too often");
    return answer === "404" ? new Response("", { status: 404 }) : new Response(answer);
  };
  return { get: get as typeof fetch, asked };
}

describe("a file", () => {
  test("is downloaded once, and then taken from the cache", async () => {
    const folder = await temporaryFolder();
    const { get, asked } = answering("digits");
    for (let i = 0; i < 2; i++) expect([...(await fetchMnist("file", { folder, get, sums }))]).toEqual([...content]);
    expect(asked).toEqual([`${mirrors[0]}file`]);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("comes from the next mirror where the first has not what was published", async () => {
    const { get, asked } = answering("something else", "digits");
    await fetchMnist("file", { folder: await temporaryFolder(), get, sums });
    expect(asked).toHaveLength(2);
  });

  test("is fetched anew where the cache holds a damaged one", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "dig");
    await fetchMnist("file", { folder, ...answering("digits"), sums });
    expect(await readFile(join(folder, "file"), "utf8")).toBe("digits");
  });

  test("that cannot be had is an error that says what to do", async () => {
    const folder = await temporaryFolder();
    const fetched = fetchMnist("file", { folder, ...answering(new Error("offline"), "404"), sums });
    await expect(fetched).rejects.toThrow(MnistError);
    await expect(fetched).rejects.toThrow(/offline.*status 404.*Give a folder that holds the MNIST files with --data/);
    expect(await readdir(folder)).toEqual([]);
  });
});

test("all four files have a checksum", () => {
  expect(Object.values(checksums).every((sum) => /^[0-9a-f]{64}$/.test(sum))).toBe(true);
  expect(Object.keys(checksums)).toHaveLength(4);
});
