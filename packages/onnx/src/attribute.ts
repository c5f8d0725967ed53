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

/** Fields of AttributeProto that hold tensors and graphs, alone or in lists. */
const nestedFields: ReadonlyMap<number, "tensors" | "graphs"> = new Map([
  [5, "tensors"],
  [6, "graphs"],
  [10, "tensors"],
  [11, "graphs"],
]);

/** Lists of more bytes are not read: as numbers and texts they would take many times that. */
const longestList = 2 ** 22;

/** `AttributeProto.AttributeType`; files of the first IR versions leave it out, then the filled field tells. */
function typeOf(attribute: AttributeProto, { graphs, tensors }: Nested): number {
  if (attribute.type !== 0) return attribute.type;
  const own = (key: string): boolean => Object.hasOwn(attribute, key);
  if (own("f")) return 1;
  if (own("i")) return 2;
  if (own("s")) return 3;
  if (graphs.length > 0) return 5;
  if (attribute.floats.length > 0) return 6;
  if (attribute.ints.length > 0) return 7;
  if (attribute.strings.length > 0) return 8;
  return tensors.length > 0 ? 4 : 0;
}

/** Reads an AttributeProto: its name and value. @throws {InvalidModelError} if a tensor or graph in it is not valid. */
export function attributeOf(
  where: string,
  bytes: Uint8Array,
  readExternal: ReadExternal | undefined,
  readGraph: (bytes: Uint8Array) => Graph,
): readonly [name: string, Attribute] {
  // Graphs and tensors are read field by field: decoded with the rest, each graph would be once more for every graph around it.
  const rest: Uint8Array[] = [];
  const encoded: Record<"tensors" | "graphs", Uint8Array[]> = { tensors: [], graphs: [] };
  let from = 0;
  for (const { number, start, valueStart, end } of fields(bytes)) {
    const kind = nestedFields.get(number);
    if (!kind) continue;
    encoded[kind].push(bytes.subarray(valueStart, end));
    rest.push(bytes.subarray(from, start));
    from = end;
  }
  const own = concatBytes([...rest, bytes.subarray(from)]);
  if (own.length > longestList) return [nameOf(own), { type: "other", value: null }];
  const nested: Nested = {
    graphs: encoded.graphs.map(readGraph),
    tensors: encoded.tensors.map((tensor) => tensorData(where, tensor, readExternal)),
  };
  const attribute = decode(where, proto.AttributeProto, own);
  return [attribute.name, contentOf(where, attribute as AttributeProto, nested)];
}

/** What an attribute holds besides numbers and texts. */
interface Nested {
  readonly graphs: readonly Graph[];
  readonly tensors: readonly TensorData[];
}

/** The name of an attribute. */
function nameOf(attribute: Uint8Array): string {
  for (const { number, valueStart, end } of fields(attribute))
    if (number === 1) return toText(attribute.subarray(valueStart, end));
  return "";
}

function contentOf(where: string, attribute: AttributeProto, nested: Nested): Attribute {
  if (attribute.refAttrName !== "") return { type: "reference", value: attribute.refAttrName };
  const [tensor] = nested.tensors;
  const [graph] = nested.graphs;
  switch (typeOf(attribute, nested)) {
    case 1:
      return { type: "float", value: attribute.f };
    case 2:
      return { type: "int", value: toNumber(attribute.i) };
    case 3:
      return { type: "string", value: toText(attribute.s) };
    case 4:
      if (!tensor) throw new InvalidModelError(where, `attribute "${attribute.name}" has no tensor`);
      return { type: "tensor", value: tensor };
    case 5:
      if (!graph) throw new InvalidModelError(where, `attribute "${attribute.name}" has no graph`);
      return { type: "graph", value: graph };
    case 6:
      return { type: "floats", value: attribute.floats };
    case 7:
      return { type: "ints", value: attribute.ints.map(toNumber) };
    case 8:
      return { type: "strings", value: attribute.strings.map(toText) };
    case 9:
      return { type: "tensors", value: nested.tensors };
    case 10:
      return { type: "graphs", value: nested.graphs };
    default:
      return { type: "other", value: null };
  }
}
