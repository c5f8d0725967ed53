import { statSync } from "node:fs";
import { fromMetadata } from "@graftjs/data";
import { load } from "@graftjs/onnx/node";
import { Generator } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { GlyphNet } from "./glyphNet.ts";
import { readGlyphs } from "./glyphs/outlines.ts";
import { glyphPreprocessing } from "./preprocessing.ts";

const file = new URL("../backbone/backbone.onnx", import.meta.url);

test("the backbone is the network, trained on the source characters, in a small file", async () => {
  const model = await load(file);
  const { labels, preprocessing } = fromMetadata(model.model.metadata);
  expect(labels).toEqual(readGlyphs("source").flatMap(({ characters }) => characters));
  expect(preprocessing).toEqual(glyphPreprocessing);
  const shapes = (module: GlyphNet | typeof model) =>
    Object.fromEntries([...module.namedParameters(), ...module.namedBuffers()].map(([name, t]) => [name, t.shape]));
  expect(shapes(model)).toEqual(shapes(new GlyphNet(labels.length, new Generator(0))));
  expect(model.cutPoint.features).toBe(128);
  expect(statSync(file).size).toBeLessThan(2e6);
});
