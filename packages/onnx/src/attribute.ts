import { InvalidModelError } from "./errors.ts";
import type { Graph } from "./graph.ts";
import { decode, proto, toNumber, toText } from "./proto.ts";
import { type ReadExternal, type TensorData, tensorData } from "./tensorData.ts";
import { concatBytes, fields } from "./wire.ts";

/** The value of a node's attribute. */
export type Attribute =
  | { readonly type: "float" | "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: TensorData }
  | { readonly type: "floats" | "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensors"; readonly value: readonly TensorData[] }
  /** A nested graph: a branch of If, the body of Loop. */
  | { readonly type: "graph"; readonly value: Graph }
  | { readonly type: "graphs"; readonly value: readonly Graph[] }
  /** In the body of a function: an attribute of the call. */
  | { readonly type: "reference"; readonly value: string }
  | { readonly type: "other"; readonly value: null };

type AttributeProto = InstanceType<typeof proto.AttributeProto>;

/** Fields of AttributeProto that hold graphs. */
const graphField = { one: 6, many: 11 } as const;

/** `AttributeProto.AttributeType`; files of the first IR versions leave it out, then the filled field tells. */
function typeOf(attribute: AttributeProto, graphs: readonly Graph[]): number {
  if (attribute.type !== 0) return attribute.type;
  const own = (key: string): boolean => Object.hasOwn(attribute, key);
  if (own("f")) return 1;
  if (own("i")) return 2;
  if (own("s")) return 3;
  if (own("t")) return 4;
  if (graphs.length > 0) return 5;
  if (attribute.floats.length > 0) return 6;
  if (attribute.ints.length > 0) return 7;
  if (attribute.strings.length > 0) return 8;
  return attribute.tensors.length > 0 ? 9 : 0;
}

/** Reads an AttributeProto: its name and value. @throws {InvalidModelError} if a tensor or graph in it is not valid. */
export function attributeOf(
  where: string,
  bytes: Uint8Array,
  readExternal: ReadExternal | undefined,
  readGraph: (bytes: Uint8Array) => Graph,
): readonly [name: string, Attribute] {
  // Graphs are read field by field: decoded with the rest, each would be once more for every graph around it.
  const rest: Uint8Array[] = [];
  const encoded: Uint8Array[] = [];
  for (const { number, start, valueStart, end } of fields(bytes)) {
    if (number === graphField.one || number === graphField.many) encoded.push(bytes.subarray(valueStart, end));
    else rest.push(bytes.subarray(start, end));
  }
  const graphs = encoded.map(readGraph);
  const attribute = decode(where, proto.AttributeProto, graphs.length === 0 ? bytes : concatBytes(rest));
  return [attribute.name, contentOf(where, attribute as AttributeProto, graphs, readExternal)];
}

function contentOf(
  where: string,
  attribute: AttributeProto,
  graphs: readonly Graph[],
  readExternal: ReadExternal | undefined,
): Attribute {
  if (attribute.refAttrName !== "") return { type: "reference", value: attribute.refAttrName };
  switch (typeOf(attribute, graphs)) {
    case 1:
      return { type: "float", value: attribute.f };
    case 2:
      return { type: "int", value: toNumber(attribute.i) };
    case 3:
      return { type: "string", value: toText(attribute.s) };
    case 4:
      if (!attribute.t) throw new InvalidModelError(where, `attribute "${attribute.name}" has no tensor`);
      return { type: "tensor", value: tensorData(where, attribute.t as never, readExternal) };
    case 5: {
      const [graph] = graphs;
      if (!graph) throw new InvalidModelError(where, `attribute "${attribute.name}" has no graph`);
      return { type: "graph", value: graph };
    }
    case 6:
      return { type: "floats", value: attribute.floats };
    case 7:
      return { type: "ints", value: attribute.ints.map(toNumber) };
    case 8:
      return { type: "strings", value: attribute.strings.map(toText) };
    case 9:
      return { type: "tensors", value: attribute.tensors.map((t) => tensorData(where, t as never, readExternal)) };
    case 10:
      return { type: "graphs", value: graphs };
    default:
      return { type: "other", value: null };
  }
}
