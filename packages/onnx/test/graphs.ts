import { proto } from "../src/proto.ts";
import { concatBytes, encodeBytesField } from "../src/wire.ts";

// Nodes with graphs in them, and functions, which the schema of the encoder does not know. For tests alone.

export interface GraphSpec {
  readonly nodes: readonly object[];
  readonly inputs?: readonly string[];
  readonly outputs: readonly (string | { readonly name: string; readonly dims: readonly number[] })[];
  readonly initializers?: readonly object[];
}

export const int = (name: string, i: number): object => ({ name, type: 2, i });
export const ints = (name: string, values: readonly number[]): object => ({ name, type: 7, ints: [...values] });

/** A node; `y` for one output, or several in a list. */
export function node(
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  ...rest: object[]
): object {
  return { opType, input: [...input], output: [output].flat(), attribute: rest };
}

/** A node that makes an int64 constant, a scalar where it is no list. */
export function int64(output: string, values: number | readonly number[]): object {
  const dims = typeof values === "number" ? [] : [values.length];
  return node("Constant", [], output, { name: "value", type: 4, t: { dataType: 7, dims, int64Data: [values].flat() } });
}

/** A node that makes a bool. */
export function bool(output: string, value: boolean): object {
  return node("Constant", [], output, {
    name: "value",
    type: 4,
    t: { dataType: 9, dims: [], int32Data: [Number(value)] },
  });
}

/** A graph as an attribute. */
export function graph(name: string, { nodes, inputs = [], outputs, initializers = [] }: GraphSpec): object {
  const output = outputs.map((o) => {
    if (typeof o === "string") return { name: o };
    const dim = o.dims.map((dimValue) => ({ dimValue }));
    return { name: o.name, type: { tensorType: { elemType: 1, shape: { dim } } } };
  });
  const input = inputs.map((inputName) => ({ name: inputName }));
  return { name, type: 5, g: { name, node: [...nodes], input, output, initializer: [...initializers] } };
}

export interface FunctionSpec {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly object[];
  readonly opset?: number;
  readonly defaults?: readonly object[];
}

/** The domain of the functions. */
export const own = "own";

/** A model's bytes with functions of the domain `own` behind them. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export function withFunctions(model: Uint8Array, functions: readonly FunctionSpec[]): Uint8Array {
  const text = (field: number, value: string): Uint8Array => encodeBytesField(field, new TextEncoder().encode(value));
  const encoded = functions.map(({ name, inputs, outputs, nodes, opset = 17, defaults = [] }) =>
    encodeBytesField(
      25,
      text(1, name),
      ...inputs.map((input) => text(4, input)),
      ...outputs.map((output) => text(5, output)),
      ...nodes.map((body) => encodeBytesField(7, proto.NodeProto.encode(body).finish())),
      encodeBytesField(9, proto.OperatorSetIdProto.encode({ domain: "", version: opset }).finish()),
      encodeBytesField(9, proto.OperatorSetIdProto.encode({ domain: own, version: 1 }).finish()),
      text(10, own),
      ...defaults.map((attribute) => encodeBytesField(11, proto.AttributeProto.encode(attribute).finish())),
    ),
  );
  return concatBytes([model, ...encoded]);
}
