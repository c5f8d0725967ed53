import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { noGrad } from "@graftjs/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectedOutputs, fixtureFolder, modelBytes, sines } from "../test/fixtures.ts";
import { ExternalDataError, ModelFileError, UnsupportedModelError } from "./errors.ts";
import { exportModel } from "./export.ts";
import { load, readModelFile, save } from "./node.ts";

const fixtures = fileURLToPath(fixtureFolder);
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "graft-onnx-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("load", () => {
  it("reads weights beside the model", async () => {
    const network = (await load(join(fixtures, "external.onnx"))).eval();
    const { inputShape, output } = expectedOutputs["external.onnx"] as (typeof expectedOutputs)[string];
    const y = noGrad(() => network.forward(sines(inputShape))).toArray();
    for (const [i, value] of y.entries()) expect(Math.abs(value - (output[i] as number))).toBeLessThan(1e-5);
  });

  it("takes bytes, blobs and URLs of files as well", async () => {
    const bytes = readFileSync(join(fixtures, "resnet.onnx"));
    const sources = [bytes, new Blob([bytes]), new URL("resnet.onnx", fixtureFolder)];
    for (const source of sources) expect((await load(source)).model.opset).toBe(17);
  });

  it("names a file that is not there, and a folder", async () => {
    await expect(load(join(folder, "nothing.onnx"))).rejects.toThrow(ModelFileError);
    await expect(load(join(folder, "nothing.onnx"))).rejects.toThrow(/no such file/);
    await expect(load(folder)).rejects.toThrow(/it is a folder/);
  });

  it.each(["../secret", "/etc/hostname", "a/../../secret", "C:\\secret"])(
    "does not read %s for a model",
    async (location) => {
      const externalData = [{ key: "location", value: location }];
      const initializers = [{ name: "w", dataType: 1, dims: [1], dataLocation: 1, externalData }];
      const path = join(folder, "outside.onnx");
      writeFileSync(path, modelBytes({ initializers }));
      const { graph } = await readModelFile(path);
      expect(() => graph.initializers.get("w")?.data()).toThrow(ExternalDataError);
      expect(() => graph.initializers.get("w")?.data()).toThrow(/outside of the model's folder/);
    },
  );

  it("does not follow links, and asks for whole files", async () => {
    cpSync(join(fixtures, "external.onnx"), join(folder, "linked.onnx"));
    symlinkSync(join(fixtures, "external.data"), join(folder, "external.data"));
    await expect(load(join(folder, "linked.onnx"))).rejects.toThrow(/symbolic link/);
    rmSync(join(folder, "external.data"));
    await expect(load(join(folder, "linked.onnx"))).rejects.toThrow(/ENOENT/);
    writeFileSync(join(folder, "external.data"), readFileSync(join(fixtures, "external.data")).subarray(0, 50));
    await expect(load(join(folder, "linked.onnx"))).rejects.toThrow(/there are 50/);
  });
});

describe("large files", () => {
  /** A file with holes, which take no space: `bytes` at `offset`. */
  const sparse = (path: string, offset: number, bytes: Uint8Array): void => {
    const file = openSync(path, "w");
    writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
  };

  it("reads what lies beyond 2 GiB of a data file", async () => {
    const offset = 3 * 2 ** 30;
    const externalData = Object.entries({ location: "large.bin", offset, length: 12 }).map(([key, value]) => ({
      key,
      value: String(value),
    }));
    const initializers = [{ name: "w", dataType: 1, dims: [3], dataLocation: 1, externalData }];
    const nodes = [{ opType: "Add", input: ["x", "w"], output: ["y"] }];
    writeFileSync(join(folder, "large.onnx"), modelBytes({ nodes, initializers }));
    sparse(join(folder, "large.bin"), offset, new Uint8Array(Float32Array.of(1, 2, 4).buffer));
    const network = await load(join(folder, "large.onnx"));
    expect(network.getParameter("w").toArray()).toEqual(Float32Array.of(1, 2, 4));
    rmSync(join(folder, "large.bin"));
  });

  it("refuses a model of 2 GiB before it is read", async () => {
    const path = join(folder, "whole.onnx");
    sparse(path, 2 ** 31 - 1, new Uint8Array(1));
    await expect(load(path)).rejects.toThrow(UnsupportedModelError);
    await expect(load(path)).rejects.toThrow(/external data/);
    rmSync(path);
  });

  it("refuses 2 GiB of bytes, whatever is in them", async () => {
    // Pages that nobody writes to take no memory.
    const bytes = new Uint8Array(2 ** 31);
    bytes.set(readFileSync(join(fixtures, "resnet.onnx")));
    await expect(load(bytes)).rejects.toThrow(UnsupportedModelError);
    await expect(load(bytes.buffer)).rejects.toThrow(/2 GiB.*external data/);
  });
});

describe("save", () => {
  it("writes the model and the data that it refers to, and nothing besides", async () => {
    const network = await load(join(fixtures, "external.onnx"));
    network.replaceHead(2);
    const target = join(folder, "new", "model.onnx");
    await save(target, await exportModel(network), { model: network.model });
    expect(readdirSync(join(folder, "new")).sort()).toEqual(["external.data", "model.onnx"]);
    const again = await load(target);
    expect(again.namedParameters().get("fc1.weight")?.toArray()).toEqual(
      network.namedParameters().get("fc1.weight")?.toArray(),
    );
  });

  it("writes a data file that the export made, and never over another", async () => {
    const network = await load(join(fixtures, "external.onnx"));
    const weight = network.getParameter("fc1.weight");
    weight.assign(weight.toArray().map((x) => x + 1));
    const exported = await exportModel(network, { dataFile: "tuned.data" });
    const target = join(folder, "tuned", "model.onnx");
    await save(target, exported, { model: network.model });
    expect(readdirSync(join(folder, "tuned")).sort()).toEqual(["external.data", "model.onnx", "tuned.data"]);
    expect(readFileSync(join(folder, "tuned", "external.data"))).toEqual(readFileSync(join(fixtures, "external.data")));
    const again = await load(target);
    for (const [name, parameter] of network.namedParameters())
      expect(again.getParameter(name).toArray()).toEqual(parameter.toArray());
    await expect(save(target, exported, { model: network.model })).rejects.toThrow(/"tuned.data": it exists/);
  });
});
