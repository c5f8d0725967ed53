import { exportNetwork, importModel } from "@graftjs/onnx";
import { noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { Bert } from "./bert.ts";

const [vocabularySize, length] = [23, 6];

/** Ids, mask and token types of three texts, the second and third padded. */
const texts = (): [Tensor, Tensor, Tensor] => {
  const of = (value: (text: number, at: number) => number): Tensor =>
    tensor(
      Int32Array.from({ length: 3 * length }, (_, i) => value(Math.floor(i / length), i % length)),
      [3, length],
    );
  return [
    of((text, at) => (7 * text + 5 * at + 2) % vocabularySize),
    of((text, at) => Number(at < length - 2 * text)),
    of((_, at) => Number(at >= 2)),
  ];
};

describe("Bert as an ONNX file", () => {
  it("takes ids, mask and token types, and computes the same for any batch", async () => {
    const network = new Bert({
      vocabularySize,
      width: 8,
      depth: 2,
      heads: 2,
      intermediate: 16,
      maxPositions: 12,
    }).eval();
    const named = (inputs: readonly Tensor[]): Tensor => {
      const [ids, attentionMask, tokenTypeIds] = inputs as [Tensor, Tensor, Tensor];
      return network.forward(ids, { attentionMask, tokenTypeIds });
    };
    const { bytes, maxAbsError } = await exportNetwork(network, {
      inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({
        name,
        shape: ["N", length] as const,
        type: "int64" as const,
      })),
      samples: texts(),
      forward: (...inputs) => named(inputs),
    });
    expect(maxAbsError).toBeLessThan(1e-5);
    const written = importModel(bytes).eval();
    // Exporters name parameters as transformers does; so does the module.
    const names = [...network.namedParameters().keys()];
    expect([...written.namedParameters().keys()].filter((name) => !names.includes(name))).toEqual([]);
    const [ids, mask, types] = texts();
    const expected = noGrad(() => named([ids, mask, types])).toArray();
    const got = noGrad(() => written.forward(ids, mask, types)).toArray();
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5);
    expect(written.cutPoint.features).toBe(8);
  });
});
