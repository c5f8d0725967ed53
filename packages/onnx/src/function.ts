import { type Attribute, attributeOf } from "./attribute.ts";
import { InvalidModelError } from "./errors.ts";
import { checkNames, domainName, fieldsWithin, type OnnxNode, type ReadContext, readGraph, readNode } from "./graph.ts";
import { decode, proto, toNumber, toText } from "./proto.ts";
import { WireError } from "./wire.ts";

/** An operator that the file itself defines, by nodes. https://onnx.ai/onnx/repo-docs/IR.html#functions */
export interface ModelFunction {
  /** Names in the body of what a call gives and takes, by position. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that a call may leave out, with their values. */
  readonly defaults: ReadonlyMap<string, Attribute>;
  readonly nodes: readonly OnnxNode[];
}

/** What a function and the nodes that call it have in common. */
export function functionKey({ domain, opType, overload }: Pick<OnnxNode, "domain" | "opType" | "overload">): string {
  return overload === "" ? `${domain}.${opType}` : `${domain}.${opType}:${overload}`;
}

/** Fields of FunctionProto. */
const field = {
  name: 1,
  input: 4,
  output: 5,
  node: 7,
  opset: 9,
  domain: 10,
  attribute: 11,
  overload: 13,
} as const;

/** Reads a FunctionProto and its key. @throws {InvalidModelError | UnsupportedModelError} */
export function readFunction(
  bytes: Uint8Array,
  { externalData, left }: Pick<ReadContext, "externalData" | "left">,
): readonly [key: string, ModelFunction] {
  const values = new Map<number, Uint8Array[]>();
  try {
    for (const { number, valueStart, end } of fieldsWithin(bytes, left)) {
      const value = bytes.subarray(valueStart, end);
      const known = values.get(number);
      if (known) known.push(value);
      else values.set(number, [value]);
    }
    const all = (number: number): readonly Uint8Array[] => values.get(number) ?? [];
    const last = (number: number): string => toText(all(number).at(-1));
    const key = functionKey({
      domain: domainName(last(field.domain)),
      opType: last(field.name),
      overload: last(field.overload),
    });
    const context = { externalData, opsets: readOpsets(all(field.opset)), depth: 1, index: 0, left };
    const defaults = all(field.attribute).map((value) =>
      attributeOf(`function ${key}`, value, externalData, (graph) => readGraph(graph, context)),
    );
    const nodes = all(field.node).map((value) => readNode(value, context));
    const inputs = all(field.input).map(toText);
    checkNames(nodes, inputs);
    return [key, { inputs, outputs: all(field.output).map(toText), defaults: new Map(defaults), nodes }];
  } catch (error) {
    if (error instanceof WireError) throw new InvalidModelError("function", error.message, { cause: error });
    throw error;
  }
}

/** Versions of operator sets by domain. */
export function readOpsets(imports: readonly Uint8Array[]): ReadonlyMap<string, number> {
  return new Map(
    imports.map((bytes) => {
      const { domain, version } = decode("opset_import", proto.OperatorSetIdProto, bytes);
      return [domainName(domain), toNumber(version)];
    }),
  );
}
