import { describe, expect, it } from "vitest";
import { PreprocessingError } from "./errors.ts";
import { fromMetadata, toMetadata } from "./metadata.ts";
import { imagenet } from "./presets.ts";

const contract = { preprocessing: imagenet(), labels: ["ants", 'bees, "honey"'] };

describe("metadata", () => {
  it("comes back as it went", () => {
    expect(fromMetadata({ other: "x", ...toMetadata(contract) })).toEqual(contract);
  });

  it("names what is missing or malformed", () => {
    const entries = toMetadata(contract);
    expect(() => fromMetadata({})).toThrow(PreprocessingError);
    expect(() => fromMetadata({})).toThrow("an entry graft.preprocessing, got none");
    expect(() => fromMetadata({ ...entries, "graft.preprocessing": "{" })).toThrow("expected JSON, got {");
    expect(() => fromMetadata({ ...entries, "graft.preprocessing": "{}" })).toThrow("version");
    expect(() => fromMetadata({ ...entries, "graft.labels": "[1]" })).toThrow("a JSON array of class names");
  });
});
