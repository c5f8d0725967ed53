import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { noGrad } from "@graftjs/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectedOutputs, fixtureFolder, modelBytes, sines } from "../test/fixtures.ts";
import { ExternalDataError, ModelFileError } from "./errors.ts";
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
});
