import { GraftError, useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { expect, it } from "vitest";
import { attempt } from "../fuzz/attempt.ts";
import { mutate, pick, sequence } from "../fuzz/mutate.ts";
import { fixture, fixtureNames, modelBytes } from "../test/fixtures.ts";
import { importModel } from "./module.ts";

const sklearn = ["logistic-binary", "pipeline-zipmap", "mlp-binary-zipmap", "linear-regressor"];

// `npm run fuzz` does more of it, in a process with limits of time and memory.
it("ends in a model or a typed error for whatever bytes it is given", async () => {
  useDevice(await wasm({ threads: 1 }));
  const random = sequence(20240229);
  const models = [...fixtureNames.map(fixture), ...sklearn.map((name) => fixture(`../sklearn/${name}.onnx`))];
  const endings = { ran: 0, refused: 0 };
  for (let i = 0; i < 600; i++) endings[await attempt(mutate(pick(models, random), random))]++;
  expect(endings.ran).toBeGreaterThan(100);
  expect(endings.refused).toBeGreaterThan(300);
});

const node = (opType: string, input: string[]) => ({ opType, input, output: ["y"] });
const int64 = (name: string, ...values: number[]) => ({ name, dataType: 7, dims: [values.length], int64Data: values });

it.each([
  ["an input of absurd size", { inputShape: [1, 2 ** 30, 2 ** 20] }],
  [
    "a constant that unpacks to terabytes",
    { nodes: [node("ConstantOfShape", ["s"])], initializers: [int64("s", 2 ** 20, 2 ** 20)] },
  ],
  [
    "a range without an end",
    { nodes: [node("Range", ["a", "b", "c"])], initializers: [int64("a", 0), int64("b", 2 ** 40), int64("c", 1)] },
  ],
  [
    "a step of zero",
    { nodes: [node("Range", ["a", "b", "c"])], initializers: [int64("a", 0), int64("b", 9), int64("c", 0)] },
  ],
  ["an expansion to terabytes", { nodes: [node("Expand", ["x", "s"])], initializers: [int64("s", 2 ** 40, 1, 1)] }],
  [
    "a slice with a step of zero",
    {
      nodes: [node("Slice", ["x", "a", "b", "c", "d"])],
      initializers: [int64("a", 0), int64("b", 2), int64("c", 0), int64("d", 0)],
    },
  ],
  ["a tiling to terabytes", { nodes: [node("Tile", ["x", "s"])], initializers: [int64("s", 2 ** 30, 2 ** 30)] }],
  [
    "a split into more parts than outputs",
    {
      opset: 18,
      nodes: [{ ...node("Split", ["x"]), attribute: [{ name: "num_outputs", type: 2, i: 2 ** 20 }] }],
    },
  ],
  [
    "attention over more keys than there is room for",
    { opset: 23, inputShape: [1, 1, 2 ** 26, 1], nodes: [node("Attention", ["x", "x", "x"])] },
  ],
  [
    "a loop whose body gives nothing",
    {
      nodes: [{ ...node("Loop", ["", ""]), attribute: [{ name: "body", type: 5, g: { name: "body" } }] }],
    },
  ],
  ["a concatenation of nothing", { nodes: [node("Concat", [])] }],
  ["a negative shape", { nodes: [node("Reshape", ["x", "s"])], initializers: [int64("s", -7, -3)] }],
])("refuses %s without allocating it", (_, spec) => {
  expect(() => importModel(modelBytes(spec))).toThrow(GraftError);
  expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
});
