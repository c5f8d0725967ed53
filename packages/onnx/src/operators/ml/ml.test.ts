import { noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../../test/fixtures.ts";
import { UnsupportedOperatorError } from "../../errors.ts";
import { importModel } from "../../module.ts";

type Attribute =
  | number
  | string
  | { readonly float: number }
  | readonly number[]
  | { readonly ints: readonly number[] }
  | readonly string[];

const isText = (list: readonly (number | string)[]): list is readonly string[] => typeof list[0] === "string";

function attributeOf(name: string, value: Attribute): object {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (typeof value === "number") return { name, type: 2, i: value };
  if (typeof value === "string") return { name, type: 3, s: bytes(value) };
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("ints" in value) return { name, type: 7, ints: [...value.ints] };
  if (isText(value)) return { name, type: 8, strings: value.map(bytes) };
  return { name, type: 6, floats: [...value] };
}

interface Case {
  readonly opType: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Rows of the input. */
  readonly x: readonly (readonly number[])[];
  /** What the node makes, all elements in a row. */
  readonly y: readonly number[];
  readonly shape?: readonly number[];
  /** An input behind the data. */
  readonly indices?: readonly number[];
  /** Whether the data are integers. */
  readonly integers?: boolean;
}

function run({ opType, attributes = {}, x, indices, integers = false }: Omit<Case, "y">) {
  const scores = opType === "LinearClassifier" ? ["label", "y"] : ["y"];
  const shape = [x.length, x[0]?.length ?? 0];
  const network = importModel(
    modelBytes({
      opsetImport: [
        { domain: "", version: 17 },
        { domain: "ai.onnx.ml", version: 1 },
      ],
      nodes: [
        {
          opType,
          name: "node",
          domain: "ai.onnx.ml",
          input: ["x", ...(indices ? ["indices"] : [])],
          output: scores,
          attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
        },
      ],
      initializers: indices ? [{ name: "indices", dataType: 7, dims: [indices.length], int64Data: [...indices] }] : [],
      inputs: [{ name: "x", shape, elemType: integers ? 7 : 1 }],
      output: "y",
    }),
  ).eval();
  const data = x.flat();
  return noGrad(() => network.forward(tensor(integers ? Int32Array.from(data) : Float32Array.from(data), shape)));
}

const points = [
  [1, -2],
  [0.3, 0.5],
  [0, 0],
];
const three = {
  coefficients: [0.1, 0.2, 0.3, -0.4, 0.2, 0.2],
  intercepts: [0.1, 0, 0.3],
  classlabels_ints: { ints: [5, 6, 7] },
};
const two = { coefficients: [0.1, 0.2], intercepts: [0.1], classlabels_strings: ["a", "b"] };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const scores = [-0.2, 1.1, 0.1, 0.23, -0.11, 0.46, 0.1, 0, 0.3];
const softmax = (row: readonly number[]): number[] => {
  const powers = row.map(Math.exp);
  return powers.map((p) => p / powers.reduce((a, b) => a + b, 0));
};

const cases: readonly Case[] = [
  { opType: "LinearClassifier", x: points, attributes: three, y: scores },
  {
    opType: "LinearClassifier",
    x: points,
    attributes: { ...three, post_transform: "LOGISTIC" },
    y: scores.map(sigmoid),
  },
  {
    opType: "LinearClassifier",
    x: points,
    attributes: { ...three, post_transform: "SOFTMAX" },
    y: [0, 3, 6].flatMap((i) => softmax(scores.slice(i, i + 3))),
  },
  {
    opType: "LinearClassifier",
    x: points.slice(2),
    attributes: { ...three, post_transform: "SOFTMAX_ZERO" },
    y: [0.450166, 0, 0.549834],
  },
  // The normal distribution's quantiles of 0.23 and 0.46.
  {
    opType: "LinearRegressor",
    x: [points[1] as number[]],
    attributes: { coefficients: [0.1, 0.2, 0.2, 0.2], intercepts: [0.1, 0.3], targets: 2, post_transform: "PROBIT" },
    y: [-0.738847, -0.100434],
  },
  {
    opType: "LinearClassifier",
    x: points,
    attributes: { ...two, post_transform: "LOGISTIC" },
    y: [-0.2, 0.23, 0.1].flatMap((s) => [sigmoid(-s), sigmoid(s)]),
  },
  { opType: "LinearRegressor", x: points, attributes: { coefficients: [1, 2] }, y: [-3, 1.3, 0], shape: [3, 1] },
  {
    opType: "LinearRegressor",
    x: [[3, 4]],
    integers: true,
    attributes: { coefficients: [1, 0.5], intercepts: [1] },
    y: [6],
  },
  { opType: "Scaler", x: points, attributes: { offset: [1, 2], scale: [2, 4] }, y: [0, -16, -1.4, -6, -2, -8] },
  { opType: "Scaler", x: [[1, -2]], attributes: { offset: [1], scale: [2] }, y: [0, -6] },
  {
    opType: "Normalizer",
    x: [
      [1, -2],
      [3, -4],
      [-1, -2],
      [0, 0],
    ],
    y: [1, -2, 1, -4 / 3, 1, 2, 0, 0],
  },
  {
    opType: "Normalizer",
    x: [
      [1, -3],
      [0, 0],
    ],
    attributes: { norm: "L1" },
    y: [0.25, -0.75, 0, 0],
  },
  {
    opType: "Normalizer",
    x: [
      [3, -4],
      [0, 0],
    ],
    attributes: { norm: "L2" },
    y: [0.6, -0.8, 0, 0],
  },
  {
    opType: "Imputer",
    x: [
      [1, Number.NaN],
      [Number.NaN, 0],
    ],
    attributes: { imputed_value_floats: [7, 8], replaced_value_float: { float: Number.NaN } },
    y: [1, 8, 7, 0],
  },
  { opType: "Imputer", x: [[1, 0]], attributes: { imputed_value_floats: [7] }, y: [1, 7] },
  {
    opType: "Imputer",
    x: [[1, -1]],
    integers: true,
    attributes: { imputed_value_int64s: { ints: [7, 8] }, replaced_value_int64: -1 },
    y: [1, 8],
  },
  { opType: "Binarizer", x: [[1, 1.5]], attributes: { threshold: { float: 1 } }, y: [0, 1] },
  {
    opType: "ArrayFeatureExtractor",
    x: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    indices: [2, 0],
    y: [3, 1, 6, 4],
    shape: [2, 2],
  },
  {
    opType: "FeatureVectorizer",
    x: [[1, 2]],
    integers: true,
    attributes: { inputdimensions: { ints: [2] } },
    y: [1, 2],
  },
  // A fraction is dropped before categories are looked for.
  {
    opType: "OneHotEncoder",
    x: [
      [1.7, 2],
      [3, -0.5],
    ],
    attributes: { cats_int64s: { ints: [0, 1, 3] } },
    y: [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0],
    shape: [2, 2, 3],
  },
  {
    opType: "LabelEncoder",
    x: [[1, 2, 5]],
    integers: true,
    attributes: { keys_int64s: { ints: [1, 2, 1] }, values_floats: [0.5, 1.5, 2.5], default_float: { float: 9 } },
    y: [2.5, 1.5, 9],
  },
  {
    opType: "LabelEncoder",
    x: [[Number.NaN, 2, 5]],
    attributes: { keys_floats: [Number.NaN, 2], values_int64s: { ints: [3, 4] } },
    y: [3, 4, -1],
  },
];

it.each(cases)("$opType of $x with $attributes", (test) => {
  const got = run(test);
  expect(got.shape).toEqual(test.shape ?? [test.x.length, test.y.length / test.x.length]);
  const elements = got.toArray();
  expect(elements.length).toBe(test.y.length);
  for (const [i, value] of test.y.entries()) expect(elements[i]).toBeCloseTo(value, 5);
});

describe("refused by name", () => {
  it.each([
    ["TreeEnsembleClassifier", {}, /decision trees, whose splits have no gradient/],
    ["TreeEnsembleRegressor", {}, /decision trees/],
    ["SVMClassifier", {}, /support vector machine/],
    ["DictVectorizer", {}, /maps of names/],
    ["LabelEncoder", { keys_strings: ["a"], values_int64s: { ints: [1] } }, /maps text/],
    ["OneHotEncoder", { cats_strings: ["a", "b"] }, /categories are text/],
    ["OneHotEncoder", { cats_int64s: { ints: [1] }, zeros: 0 }, /zeros = 0/],
    ["Normalizer", { norm: "L3" }, /norm "L3"/],
    ["LinearRegressor", { coefficients: [1, 2], post_transform: "CUBE" }, /post_transform "CUBE"/],
    ["LinearRegressor", { coefficients: [1, 2, 3], targets: 2 }, /3 coefficients in 2 rows/],
    ["LinearRegressor", {}, /0 coefficients/],
    ["LinearClassifier", { coefficients: [1, 2], classlabels_ints: { ints: [3] } }, /one label alone/],
    ["LinearClassifier", two, /one row of coefficients for two labels/],
    [
      "LabelEncoder",
      { keys_int64s: { ints: new Array(1001).fill(1) }, values_int64s: { ints: new Array(1001).fill(1) } },
      /1001 keys/,
    ],
    ["FeatureVectorizer", { inputdimensions: { ints: [3] } }, /3 columns are declared/],
    ["Imputer", { imputed_value_int64s: { ints: [1] } }, /no values of the input's type/],
  ] as const)("%s with %o", (opType, attributes, message) => {
    expect(() => run({ opType, attributes, x: [[1, 2]] })).toThrow(UnsupportedOperatorError);
    expect(() => run({ opType, attributes, x: [[1, 2]] })).toThrow(message);
  });
});
