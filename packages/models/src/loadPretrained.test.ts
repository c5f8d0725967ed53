import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { copyStateDict } from "@graftjs/nn";
import { Generator, ones, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Bert,
  DistilBert,
  HubError,
  LeNet,
  loadModel,
  loadPretrained,
  mobileNetV3Small,
  SafetensorsError,
  saveSafetensors,
  writeSafetensors,
} from "./index.ts";

const sizes = { vocabularySize: 20, width: 8, depth: 2, heads: 2, intermediate: 12, maxPositions: 6 };
const trained = new LeNet({ generator: new Generator(1) });
const bytes = await writeSafetensors(trained.stateDict());

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "graft-weights-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fresh = (classes = 10): LeNet => new LeNet({ classes, generator: new Generator(2) });

function expectEqualWeights(net: LeNet, names = Object.keys(trained.stateDict())): void {
  for (const name of names) expect(net.stateDict()[name]?.toArray()).toEqual(trained.stateDict()[name]?.toArray());
}

const renamed = (dict: Readonly<Record<string, Tensor>>, rename: (name: string) => string): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(dict).map(([name, t]) => [rename(name), t]));

describe("weights come from", () => {
  test("bytes and Blobs", async () => {
    for (const source of [bytes, new Blob([bytes])]) {
      const net = fresh();
      const report = await loadPretrained(net, source);
      expect(report).toEqual({ missing: [], unexpected: [], mismatched: [], loaded: 10 });
      expectEqualWeights(net);
    }
  });

  test("a path and a file's address; what is written there is whole or not there", async () => {
    const path = join(folder, "deep/er/weights.safetensors");
    await saveSafetensors(path, trained.stateDict(), { format: "pt" });
    for (const source of [path, pathToFileURL(path)]) {
      const net = fresh();
      await loadPretrained(net, source);
      expectEqualWeights(net);
    }
    const broken = { x: ones([2]), y: { ...ones([2]), read: () => Promise.reject(new Error("lost")) } };
    const write = saveSafetensors(path, broken as unknown as Record<string, Tensor>);
    await expect(write).rejects.toThrow();
    expect(await readdir(join(folder, "deep/er"))).toEqual(["weights.safetensors"]);
    await loadPretrained(fresh(), path);
  });

  test.each([
    ["float16", 2 ** -11],
    ["bfloat16", 2 ** -8],
  ] as const)("%s", async (float, precision) => {
    const net = fresh();
    await loadPretrained(net, await writeSafetensors(trained.stateDict(), {}, { float }));
    const [got, expected] = [net, trained].map((of) => of.fc1.weight.toArray()) as [Float32Array, Float32Array];
    // The smallest numbers of float16 are multiples of 2⁻²⁴.
    expect(closeTo(got, expected, { rtol: precision, atol: 2 ** -25 })).toMatchObject({ pass: true });
    expect(got).not.toEqual(expected);
  });

  test("not from what is no such file", async () => {
    await expect(loadPretrained(fresh(), new Uint8Array(20))).rejects.toThrow(SafetensorsError);
    await expect(loadPretrained(fresh(), join(folder, "missing"))).rejects.toThrow(/ENOENT/);
  });
});

describe("what does not fit", () => {
  test("a head for other classes is left out, and said to be", async () => {
    const net = fresh(3);
    const before = net.fc3.weight.toArray();
    const report = await loadPretrained(net, bytes);
    expect(report.mismatched).toEqual([
      { name: "fc3.weight", expected: "floats [3, 84]", got: "F32 [10, 84]" },
      { name: "fc3.bias", expected: "floats [3]", got: "F32 [10]" },
    ]);
    expect(net.fc3.weight.toArray()).toEqual(before);
    expectEqualWeights(net, ["conv1.weight", "fc2.bias"]);
  });

  test("a missing head is fine, and so are names that the network does not have", async () => {
    const { "fc3.weight": _, "fc3.bias": __, ...features } = trained.stateDict();
    const dict = {
      ...features,
      "mlm.weight": ones([2]),
      "bn.num_batches_tracked": tensor([1], [], { dtype: "int32" }),
    };
    expect(await loadPretrained(fresh(), await writeSafetensors(dict))).toEqual({
      missing: ["fc3.weight", "fc3.bias"],
      unexpected: ["mlm.weight"],
      mismatched: [],
      loaded: 8,
    });
  });

  test.each<[string, Record<string, Tensor>, object]>([
    ["missing weights", {}, { missing: expect.arrayContaining(["conv1.weight"]), mismatched: [] }],
    [
      "another shape",
      { ...trained.stateDict(), "fc2.bias": ones([85]) },
      { missing: [], mismatched: [{ name: "fc2.bias", expected: "floats [84]", got: "F32 [85]" }] },
    ],
    [
      "integers",
      { ...trained.stateDict(), "fc2.bias": tensor(new Int32Array(84), [84]) },
      { mismatched: [{ name: "fc2.bias", expected: "floats [84]", got: "I32 [84]" }] },
    ],
  ])("%s outside of the head are an error, and nothing is loaded", async (_, dict, details) => {
    const net = fresh();
    const before = await copyStateDict(net.stateDict());
    const file = await writeSafetensors(dict);
    await expect(loadPretrained(net, file)).rejects.toThrow(
      expect.objectContaining({ name: "StateDictError", ...details }),
    );
    for (const [name, t] of Object.entries(before)) expect(net.stateDict()[name]?.toArray()).toEqual(t.toArray());
    const report = await loadPretrained(net, file, { strict: false });
    expect(report.loaded).toBe(dict["conv1.weight"] ? 9 : 0);
  });
});

describe("names of other files", () => {
  test("of BertModel, with old names of LayerNorm", async () => {
    const [from, to] = [1, 2].map((seed) => new Bert({ ...sizes, generator: new Generator(seed) })) as [Bert, Bert];
    const { "classifier.weight": _, "classifier.bias": __, ...rest } = from.stateDict();
    const dict = renamed(rest, (name) =>
      name.slice(5).replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
    );
    const report = await loadPretrained(to, await writeSafetensors(dict));
    expect(report).toMatchObject({ missing: ["classifier.weight", "classifier.bias"], unexpected: [] });
    expect(to.bert.pooler.dense.weight.toArray()).toEqual(from.bert.pooler.dense.weight.toArray());
  });

  test("of DistilBertModel, whose head is missing as a whole", async () => {
    const [from, to] = [1, 2].map((seed) => new DistilBert({ ...sizes, generator: new Generator(seed) })) as [
      DistilBert,
      DistilBert,
    ];
    const encoder = Object.entries(from.stateDict()).filter(([name]) => name.startsWith("distilbert."));
    const dict = renamed(Object.fromEntries(encoder), (name) => name.slice(11));
    const { missing } = await loadPretrained(to, await writeSafetensors(dict));
    expect(missing).toEqual(["pre_classifier.weight", "pre_classifier.bias", "classifier.weight", "classifier.bias"]);
  });

  test("a 1×1 convolution there is a linear layer here", async () => {
    const net = mobileNetV3Small({ generator: new Generator(0) });
    const { "classifier.0.weight": head, "classifier.0.bias": bias, ...rest } = net.stateDict();
    const conv = tensor((head as Tensor).toArray(), [1024, 576, 1, 1]);
    const dict = { ...rest, "conv_head.weight": conv, "conv_head.bias": bias as Tensor };
    const to = mobileNetV3Small({ generator: new Generator(1) });
    expect(await loadPretrained(to, await writeSafetensors(dict))).toMatchObject({ missing: [], unexpected: [] });
    expect(to.stateDict()["classifier.0.weight"]?.toArray()).toEqual(head?.toArray());
  });
});

describe("loadModel", () => {
  let server: Server;
  let hubUrl: string;
  const files = new Map<string, Uint8Array>();

  beforeAll(async () => {
    server = createServer(({ url = "", headers }, response) => {
      const file = files.get(url.split("/resolve/")[0]?.slice(1) ?? "");
      if (!file) return void response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end();
      const [, first] = /^bytes=(\d+)-/.exec(headers.range ?? "") ?? [];
      const etag = `"${createHash("sha256").update(file).digest("hex")}"`;
      if (headers.range === "bytes=0-0") {
        return void response.writeHead(206, { "Content-Range": `bytes 0-0/${file.length}`, ETag: etag }).end("x");
      }
      response.writeHead(200, { ETag: etag }).end(file.subarray(Number(first ?? 0)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test("downloads weights, and draws a head for other classes", async () => {
    const from = mobileNetV3Small({ generator: new Generator(5) });
    files.set(
      "timm/mobilenetv3_small_100.lamb_in1k",
      await writeSafetensors(from.stateDict(), {}, { float: "float16" }),
    );
    const loaded: number[] = [];
    const options = { hubUrl, cacheFolder: folder, onProgress: (p: { loaded: number }) => loaded.push(p.loaded) };
    const same = await loadModel("mobileNetV3Small", {}, options);
    const [got, expected] = [same, from].map((net) => net.getClassifier().weight.toArray()) as [
      Float32Array,
      Float32Array,
    ];
    expect(closeTo(got, expected, { rtol: 2 ** -11, atol: 2 ** -25 })).toMatchObject({ pass: true });
    expect(loaded.at(-1)).toBeGreaterThan(5e6);

    const other = await loadModel(
      "mobileNetV3Small",
      { classes: 4, generator: new Generator(3) },
      { ...options, offline: true },
    );
    const again = await loadModel(
      "mobileNetV3Small",
      { classes: 4, generator: new Generator(3) },
      { ...options, offline: true },
    );
    const head = other.getClassifier().weight;
    expect(head.shape).toEqual([4, 1024]);
    expect(head.toArray().some((v) => v !== 0)).toBe(true);
    expect(again.getClassifier().weight.toArray()).toEqual(head.toArray());
    expect(other.training).toBe(true);
  });

  test("says where there are none", async () => {
    await expect(loadModel("alexNet")).rejects.toThrow(HubError);
    await expect(loadModel("alexNet")).rejects.toThrow("published weights of alexNet");
    await expect(loadModel("resnet19" as never)).rejects.toThrow(expect.objectContaining({ name: "ArgumentError" }));
  });
});
