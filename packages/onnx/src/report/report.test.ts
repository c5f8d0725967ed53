import { describe, expect, it } from "vitest";
import { fixture, modelBytes } from "../../test/fixtures.ts";
import { inspect } from "../inspect.ts";
import { pictureOf } from "./picture.ts";
import { formatInspection } from "./table.ts";
import { count, memory, operatorList } from "./text.ts";

const floats = (name: string, dims: number[], value: (i: number) => number = (i) => (i % 7) / 7 - 0.4) => {
  const size = dims.reduce((n, d) => n * d, 1);
  return { name, dataType: 1, dims, floatData: Array.from({ length: size }, (_, i) => value(i)) };
};
const node = (opType: string, input: string[], output: string, name = "") => ({
  opType,
  input,
  output: [output],
  name,
});

describe("blocks", () => {
  it("are parts of the network by the names of its weights, with what they compute and cost", () => {
    const { blocks } = inspect(fixture("resnet.onnx"));
    expect(blocks.map(({ name }) => name)).toEqual(expect.arrayContaining(["conv1", "fc"]));
    expect(blocks.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(
      inspect(fixture("resnet.onnx")).parameters.elements,
    );
    const first = blocks[0];
    expect(first).toMatchObject({ operators: { Conv: 1 }, parameters: 6 * 3 * 9, reads: [] });
    // Each element of what a convolution makes takes its filter once.
    expect(first?.macs).toBe((first?.output.shape.reduce((n, d) => n * d, 1) ?? 0) * 3 * 9);
    expect(blocks.at(-1)?.output.shape).toEqual([1, 5]);
  });

  it("are planes where names say nothing", () => {
    const { blocks } = inspect(fixture("lenet.onnx"));
    expect(blocks.every(({ name }) => /^\d+×\d+$|^\d+ features$/.test(name))).toBe(true);
  });
});

describe("costs", () => {
  const costs = (batch: number) => inspect(fixture("resnet.onnx"), { batch }).costs;

  it("grow with the batch, but for weights and the optimiser", () => {
    const [one, ten] = [costs(1), costs(10)];
    expect(ten?.fineTune?.activationBytes).toBeGreaterThan(5 * (one?.fineTune?.activationBytes ?? 0));
    expect(ten?.fineTune?.weightBytes).toBe(one?.fineTune?.weightBytes);
    expect(ten?.fineTune?.macs).toBe(one?.fineTune?.macs);
  });

  it("of a probe are less than those of a fine-tune", () => {
    const { probe, fineTune } = costs(8) ?? {};
    expect(probe?.optimizerBytes).toBe(0);
    expect(fineTune?.optimizerBytes).toBe(2 * 4 * inspect(fixture("resnet.onnx")).parameters.elements);
    expect(probe?.activationBytes).toBeLessThan(fineTune?.activationBytes ?? 0);
    expect(3 * (probe?.macs ?? 0)).toBeLessThanOrEqual(fineTune?.macs ?? 0);
  });
});

describe("findings", () => {
  const topics = (bytes: Uint8Array) => inspect(bytes).findings.map(({ topic }) => topic);

  it("name a folded BatchNorm, by the names that the exporter gave", () => {
    const layers = [0, 1].flatMap((i) => [
      node("Conv", [i === 0 ? "x" : "h0", `onnx::Conv_${i}0`, `onnx::Conv_${i}1`], `h${i}`),
    ]);
    const initializers = [0, 1].flatMap((i) => [
      floats(`onnx::Conv_${i}0`, [3, 3, 1, 1]),
      floats(`onnx::Conv_${i}1`, [3]),
    ]);
    const { findings } = inspect(modelBytes({ nodes: layers, initializers, inputShape: [1, 3, 4, 4] }));
    const folded = findings.find(({ topic }) => topic === "folded BatchNorm");
    expect(folded?.text).toMatch(/^2 of 2 convolutions .* 2 of them weights or biases that the exporter made/);
    expect(topics(fixture("resnet.onnx"))).not.toContain("folded BatchNorm");
  });

  it("name half precision, a fixed batch, a softmax, made-up names and ties", () => {
    expect(topics(fixture("half.onnx"))).toContain("half precision");
    expect(topics(fixture("lenet.onnx"))).toContain("batch size");
    expect(topics(fixture("squeezenet.onnx"))).toContain("output");
    const tied = modelBytes({
      nodes: [
        node("Identity", ["val_1"], "other"),
        node("MatMul", ["x", "val_1"], "h"),
        node("MatMul", ["h", "other"], "y"),
      ],
      initializers: [floats("val_1", [3, 3])],
    });
    expect(topics(tied)).toEqual(expect.arrayContaining(["names", "ties"]));
  });

  it("name floats inside of nested graphs and functions, which are no parameters", () => {
    const constant = (name: string, ...values: number[]) => ({
      opType: "Constant",
      output: [name],
      attribute: [{ name: "value_floats", type: 6, floats: values }],
    });
    const branch = (name: string, output: string, more: object) => ({
      name,
      type: 5,
      g: {
        name,
        node: [node("Add", ["x", `${name}.bias`], output)],
        initializer: [floats(`${name}.bias`, [3])],
        output: [{ name: output }],
        ...more,
      },
    });
    const bytes = modelBytes({
      nodes: [
        { ...node("ReduceMax", ["x"], "most"), attribute: [{ name: "keepdims", type: 2, i: 0 }] },
        node("Greater", ["most", "zero"], "positive"),
        constant("main", 1, 2, 3),
        node("Add", ["x", "main"], "moved"),
        {
          ...node("If", ["positive"], "chosen"),
          attribute: [
            branch("then_branch", "a", {}),
            branch("else_branch", "b", { node: [constant("half", 0.5, 0.5, 0.5), node("Mul", ["x", "half"], "b")] }),
          ],
        },
        node("Mul", ["moved", "chosen"], "y"),
      ],
      initializers: [floats("zero", [], () => 0)],
    });
    const nested = inspect(bytes).findings.find(({ topic }) => topic === "nested weights");
    expect(nested?.text).toMatch(/^3 tensors \(then_branch.bias, else_branch.bias, half\) lie inside .* 9 floats/);
    expect(
      inspect(bytes)
        .initializers.filter(({ role }) => role === "parameter")
        .map(({ name }) => name),
    ).toEqual(["main"]);
    expect(topics(fixture("resnet.onnx"))).not.toContain("nested weights");
  });

  it("leave nothing else to say of a quantised model", () => {
    expect(topics(fixture("quantised.onnx"))).toEqual(["quantised"]);
  });
});

describe("the table", () => {
  it("lists stored tensors when they are asked for", () => {
    const inspection = inspect(fixture("resnet.onnx"));
    expect(formatInspection(inspection)).not.toContain("bn1.running_var");
    expect(formatInspection(inspection, { all: true })).toMatch(
      /^ +bn1\.running_var +float32 \[6\] +buffer +BatchNormalization running variance$/m,
    );
  });

  it("writes amounts for people", () => {
    expect([999, 1500, 3_487_816, 2.5e9].map(count)).toEqual(["999", "1.5 k", "3.49 M", "2.5 G"]);
    expect([100, 300 * 2 ** 20, 5 * 2 ** 40].map(memory)).toEqual(["0.0977 KiB", "300 MiB", "5120 GiB"]);
    expect(operatorList({ Conv: 12, Relu: 1, BatchNormalization: 3 }, 20)).toBe("Conv 12, Relu, …");
  });
});

describe("the picture", () => {
  const picture = pictureOf(inspect(fixture("resnet.onnx")));

  it("has a box for each block, and a line where a head is put on", () => {
    const { blocks } = inspect(fixture("resnet.onnx"));
    expect(picture.match(/<rect x=/g)).toHaveLength(blocks.length);
    expect(picture).toContain("a new head: 8 features");
    for (const { name } of blocks) expect(picture).toContain(`>${name}</text>`);
  });

  it("stays a picture whatever names a file has", () => {
    const name = '<script>alert("&")\u0000';
    const nodes = [node("MatMul", ["x", `${name}.weight`], "y")];
    const drawn = pictureOf(inspect(modelBytes({ nodes, initializers: [floats(`${name}.weight`, [3, 3])] })));
    expect(drawn).not.toContain("<script");
    expect(drawn).toContain("&lt;script&gt;alert(&quot;&amp;&quot;) ");
    expect(drawn).not.toContain("\u0000");
  });

  it("is drawn of models that cannot be imported, too", () => {
    expect(pictureOf(inspect(fixture("quantised.onnx")))).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});
