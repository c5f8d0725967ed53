import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "@graftjs/tensor";
import { proto } from "../src/proto.ts";

// Small models in the repository's fixtures folder, and models made on the spot. For tests alone.

const folder = new URL("../../../fixtures/onnx/", import.meta.url);

/** What ONNX Runtime computes with each fixture. */
export const expectedOutputs: Readonly<Record<string, { inputShape: number[]; shape: number[]; output: number[] }>> =
  JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

export const fixtureNames: readonly string[] = Object.keys(expectedOutputs);

export const fixtureFolder: URL = folder;

export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** sin(0), sin(1), … in a shape. */
export function sines(shape: readonly number[]): Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    shape,
  );
}

export interface ModelSpec {
  readonly opset?: number;
  readonly opsetImport?: { domain: string; version: number }[];
  readonly irVersion?: number;
  readonly nodes?: readonly object[];
  readonly initializers?: readonly object[];
  readonly inputShape?: readonly number[];
  readonly inputs?: readonly { name: string; shape: readonly (number | string)[]; elemType?: number }[];
  readonly output?: string;
}

/** A model of one input "x" and one output, by default that of the last node. */
export function modelBytes(spec: ModelSpec): Uint8Array {
  const {
    opset = 17,
    opsetImport = [{ domain: "", version: opset }],
    irVersion = 8,
    nodes = [],
    initializers = [],
  } = spec;
  const {
    inputShape = [2, 3],
    inputs = [{ name: "x", shape: inputShape }],
    output = (nodes.at(-1) as { output?: string[] } | undefined)?.output?.[0] ?? "x",
  } = spec;
  const info = (name: string, shape: readonly (number | string)[], elemType = 1) => {
    const dim = shape.map((d) => (typeof d === "number" ? { dimValue: d } : { dimParam: d }));
    return { name, type: { tensorType: { elemType, shape: { dim } } } };
  };
  const graph = {
    name: "test",
    node: [...nodes],
    initializer: [...initializers],
    input: inputs.map(({ name, shape, elemType }) => info(name, shape, elemType)),
    output: [{ name: output, type: { tensorType: { elemType: 1 } } }],
  };
  return proto.ModelProto.encode({ irVersion, opsetImport, graph }).finish();
}
