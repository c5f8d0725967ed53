import { noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { importModel, type OnnxModule } from "../src/module.ts";
import { modelBytes } from "./fixtures.ts";

// Models of a single node, made on the spot. For tests alone.

export interface Array2 {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** Of a further input's elements; float32 if not given. */
  readonly dtype?: "bool" | "int32" | "int64";
}

export const at = (shape: readonly number[], ...data: number[]): Array2 => ({ shape, data });
export const integers = (shape: readonly number[], ...data: number[]): Array2 => ({ shape, data, dtype: "int64" });
export const row = (...data: number[]): Array2 => at([data.length], ...data);
export const bools = (shape: readonly number[], ...data: number[]): Array2 => ({ shape, data, dtype: "bool" });
export const counting = (...shape: number[]): Array2 =>
  at(shape, ...Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i));

type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly floats: readonly number[] }
  | { readonly float: number }
  | { readonly ints64: readonly number[] }
  | { readonly floatList: readonly number[] }
  | { readonly strings: readonly string[] };

export interface Case {
  readonly opType: string;
  readonly opset?: number;
  readonly x: Array2;
  /** Further inputs: floats or, in a list, int64; `null` where one is left out. Names of inputs become a, b, c … */
  readonly rest?: readonly (Array2 | readonly number[] | null)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Whether x is the first input of the node; otherwise it is added to the result, so that the result depends on it. */
  readonly detached?: boolean;
  readonly outputs?: number;
  /** Which output is y; default the first. */
  readonly output?: number;
  /** Whether x is of bools. */
  readonly bool?: boolean;
  readonly y: Array2;
}

function attributeOf(name: string, value: Attribute): object {
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === "number") return { name, type: 2, i: value };
  if (Array.isArray(value)) return { name, type: 7, ints: [...value] };
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("floats" in value)
    return { name, type: 4, t: { dataType: 1, dims: [value.floats.length], floatData: [...value.floats] } };
  if ("floatList" in value) return { name, type: 6, floats: [...value.floatList] };
  if ("strings" in value) return { name, type: 8, strings: value.strings.map((s) => new TextEncoder().encode(s)) };
  const { ints64 } = value as { ints64: readonly number[] };
  return { name, type: 4, t: { dataType: 7, dims: [ints64.length], int64Data: [...ints64] } };
}

/** The network of a case's node alone. */
export function networkOf({
  opType,
  opset = 17,
  x,
  rest = [],
  attributes = {},
  detached = false,
  outputs = 1,
  output = 0,
  bool = false,
}: Omit<Case, "y">): OnnxModule {
  const names = rest.map((value, i) => (value === null ? "" : "abcdefgh".charAt(i)));
  const initializers = rest.flatMap((value, i): object[] => {
    if (value === null) return [];
    const name = names[i] as string;
    if (!("shape" in value)) return [{ name, dataType: 7, dims: [value.length], int64Data: [...value] }];
    const data = [...value.data];
    const elements = {
      bool: { dataType: 9, int32Data: data },
      int32: { dataType: 6, int32Data: data },
      int64: { dataType: 7, int64Data: data },
      float32: { dataType: 1, floatData: data },
    };
    return [{ name, dims: [...value.shape], ...elements[value.dtype ?? "float32"] }];
  });
  const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  const made = Array.from({ length: Math.max(outputs, output + 1) }, (_, i) => (i === output ? "y" : `y${i}`));
  const nodes: object[] = [
    { opType, input: [...(detached ? [] : ["x"]), ...names], output: detached ? ["made"] : made, attribute },
  ];
  if (detached) {
    nodes.push({ opType: "Cast", input: ["made"], output: ["float"], attribute: [{ name: "to", type: 2, i: 1 }] });
    nodes.push({ opType: "Add", input: ["x", "float"], output: ["y"] });
  }
  return importModel(
    modelBytes({
      opset,
      nodes,
      initializers,
      inputs: [{ name: "x", shape: x.shape, elemType: bool ? 9 : 1 }],
      output: "y",
    }),
  ).eval();
}

export function run(spec: Case): Tensor {
  const { x, bool = false } = spec;
  const network = networkOf(spec);
  return noGrad(() => network.forward(tensor(bool ? Uint8Array.from(x.data) : Float32Array.from(x.data), x.shape)));
}

export const near = (opType: string, x: Array2, y: Array2, more: Partial<Case> = {}): Case => ({
  opType,
  x,
  y,
  ...more,
});

/** Of constants alone, which are evaluated at once. */
export const constantly = (opType: string, y: readonly number[], more: Partial<Case>): Case =>
  near(opType, row(...y.map(() => 0)), row(...y), { detached: true, ...more });
