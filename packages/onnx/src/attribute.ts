import { InvalidModelError } from "./errors.ts";
import { type proto, toNumber, toText } from "./proto.ts";
import { type ReadExternal, type TensorData, tensorData } from "./tensorData.ts";

/** The value of a node's attribute. */
export type Attribute =
  | { readonly type: "float" | "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: TensorData }
  | { readonly type: "floats" | "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  /** A nested graph (branches of If, bodies of Loop): the operators in it and the names it reads, its own included. */
  | {
      readonly type: "graph";
      readonly value: { readonly operators: readonly string[]; readonly reads: readonly string[] };
    }
  | { readonly type: "other"; readonly value: null };

type AttributeProto = InstanceType<typeof proto.AttributeProto>;
type GraphProto = InstanceType<typeof proto.GraphProto>;

/** `AttributeProto.AttributeType`; files of the first IR versions leave it out, then the filled field tells. */
function typeOf(attribute: AttributeProto): number {
  if (attribute.type !== 0) return attribute.type;
  const own = (key: string): boolean => Object.hasOwn(attribute, key);
  if (own("f")) return 1;
  if (own("i")) return 2;
  if (own("s")) return 3;
  if (own("t")) return 4;
  if (own("g")) return 5;
  if (attribute.floats.length > 0) return 6;
  if (attribute.ints.length > 0) return 7;
  return attribute.strings.length > 0 ? 8 : 0;
}

/** A decoded attribute as plain data. @throws {InvalidModelError} if its tensor is not valid. */
export function attributeOf(
  where: string,
  attribute: AttributeProto,
  readExternal: ReadExternal | undefined,
): Attribute {
  switch (typeOf(attribute)) {
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
      const operators: string[] = [];
      const reads: string[] = [];
      collect(attribute.g as GraphProto | null, operators, reads);
      return { type: "graph", value: { operators, reads } };
    }
    case 6:
      return { type: "floats", value: attribute.floats };
    case 7:
      return { type: "ints", value: attribute.ints.map(toNumber) };
    case 8:
      return { type: "strings", value: attribute.strings.map(toText) };
    default:
      return { type: "other", value: null };
  }
}

function collect(graph: GraphProto | null, operators: string[], reads: string[]): void {
  for (const output of graph?.output ?? []) reads.push(output.name ?? "");
  for (const node of graph?.node ?? []) {
    operators.push(node.opType ?? "");
    reads.push(...(node.input ?? []));
    for (const { g } of node.attribute ?? []) collect((g ?? null) as GraphProto | null, operators, reads);
  }
}
