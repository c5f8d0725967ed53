import { GRU, LSTM, Parameter, RNN } from "@graftjs/nn";
import {
  concat,
  Generator,
  mul,
  permute,
  reshape,
  scaledDotProductAttention,
  slice,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes, sines } from "../../test/fixtures.ts";
import { at, type Case, counting, integers, row, run } from "../../test/operatorCase.ts";
import { UnsupportedOperatorError } from "../errors.ts";
import { importModel } from "../module.ts";

function expectClose(got: Tensor | null | undefined, expected: Tensor | null | undefined): void {
  expect(got?.shape).toEqual(expected?.shape);
  const values = expected?.toArray() ?? [];
  for (const [i, value] of got?.toArray().entries() ?? []) expect(value).toBeCloseTo(values[i] as number, 5);
}

const initializer = (name: string, value: Tensor): object => ({
  name,
  dataType: 1,
  dims: [...value.shape],
  floatData: [...value.toArray()],
});

describe("recurrent nets", () => {
  const [length, batch, features, hidden] = [4, 2, 3, 5];
  const options = { bidirectional: true, generator: new Generator(3) };

  // PyTorch has the gates of a weight in another order than ONNX: rows of the one by those of the other.
  it.each([
    ["RNN", new RNN(features, hidden, options), [0]],
    ["GRU", new GRU(features, hidden, options), [1, 0, 2]],
    ["LSTM", new LSTM(features, hidden, options), [0, 3, 1, 2]],
  ] as const)("%s computes what the layer does, with its gradients", (opType, layer, order) => {
    const ordered = (name: string): Tensor => {
      const rows = layer.weights[name] as Tensor;
      const [first, ...rest] = order.map((gate) => slice(rows, 0, gate * hidden, (gate + 1) * hidden));
      return concat([first as Tensor, ...rest]);
    };
    const both = (names: readonly string[]): Tensor => {
      const [forth, back] = ["", "_reverse"].map((suffix) => {
        const [first, ...rest] = names.map((name) => ordered(`${name}_l0${suffix}`));
        const all = concat([first as Tensor, ...rest]);
        return reshape(all, [1, ...all.shape]);
      });
      return concat([forth as Tensor, back as Tensor]);
    };
    const network = importModel(
      modelBytes({
        nodes: [
          {
            opType,
            input: ["x", "W", "R", "B"],
            output: ["y"],
            attribute: [
              { name: "direction", type: 3, s: new TextEncoder().encode("bidirectional") },
              { name: "hidden_size", type: 2, i: hidden },
              ...(opType === "GRU" ? [{ name: "linear_before_reset", type: 2, i: 1 }] : []),
            ],
          },
        ],
        initializers: [
          initializer("W", both(["weight_ih"])),
          initializer("R", both(["weight_hh"])),
          initializer("B", both(["bias_ih", "bias_hh"])),
        ],
        inputShape: [length, batch, features],
      }),
    );
    const [x, same] = [
      new Parameter(sines([length, batch, features])),
      new Parameter(sines([length, batch, features])),
    ];
    const y = network.forward(x);
    const output = permute(reshape(layer.forward(same)[0], [length, batch, 2, hidden]), [0, 2, 1, 3]);
    expectClose(y, output);
    const seed = sines(y.shape);
    sum(mul(y, seed)).backward();
    sum(mul(output, seed)).backward();
    expectClose(x.grad, same.grad);
    const parameters = network.namedParameters();
    expect([...parameters.keys()]).toEqual(["W", "R", "B"]);
    const gate = order[1] ?? 0;
    expectClose(
      slice(
        parameters.get("R")?.grad as Tensor,
        1,
        order.length > 1 ? hidden : 0,
        order.length > 1 ? 2 * hidden : hidden,
      ),
      concat(
        ["", "_reverse"].map((suffix) => {
          const { grad } = layer.weights[`weight_hh_l0${suffix}`] as Parameter;
          return reshape(slice(grad as Tensor, 0, gate * hidden, (gate + 1) * hidden), [1, hidden, hidden]);
        }) as [Tensor, Tensor],
      ),
    );
  });
});

it("starts at zeros for any batch, where the file has zeros for one", () => {
  const network = importModel(
    modelBytes({
      nodes: [
        {
          opType: "RNN",
          input: ["x", "W", "R", "", "", "h"],
          output: ["y"],
          attribute: [{ name: "layout", type: 2, i: 1 }],
        },
      ],
      initializers: [
        initializer("W", sines([1, 3, 2])),
        initializer("R", sines([1, 3, 3])),
        initializer("h", zeros([2, 1, 3])),
      ],
      inputShape: [2, 4, 2],
    }),
  );
  const x = sines([5, 4, 2]);
  expectClose(slice(network.forward(x), 0, 0, 2), network.forward(slice(x, 0, 0, 2)));
});

describe("attention", () => {
  const attend = (input: string[], initializers: object[], attribute: object[] = []) =>
    importModel(
      modelBytes({
        opset: 23,
        nodes: [{ opType: "Attention", input, output: ["y"], attribute }],
        initializers,
        inputShape: [2, 2, 3, 4],
      }),
    );

  it("has the gradients of the op", () => {
    const network = attend(["x", "x", "x"], [], [{ name: "is_causal", type: 2, i: 1 }]);
    const [x, same] = [new Parameter(sines([2, 2, 3, 4])), new Parameter(sines([2, 2, 3, 4]))];
    const y = network.forward(x);
    const expected = scaledDotProductAttention(same, same, same, { isCausal: true });
    expectClose(y, expected);
    sum(mul(y, y)).backward();
    sum(mul(expected, expected)).backward();
    expectClose(x.grad, same.grad);
  });

  it("lets no gradient through queries that may attend to nothing", () => {
    const mask = tensor(Float32Array.of(-Infinity, 0, 0), [3, 1]);
    const network = attend(["x", "x", "x", "mask"], [initializer("mask", mask)]);
    const x = new Parameter(sines([2, 2, 3, 4]));
    const y = network.forward(x);
    expect(y.toArray().slice(0, 4)).toEqual(new Float32Array(4));
    sum(mul(y, y)).backward();
    expect(x.grad?.toArray().every(Number.isFinite)).toBe(true);
  });
});

describe("what cannot be", () => {
  const weights = [at([1, 2, 1], 1, 1), at([1, 2, 2], 1, 1, 1, 1)];
  const steps = at([1, 1, 1], 1);
  const heads = at([1, 1, 1, 2], 1, 2);

  it.each<[string, Partial<Case> & { x: Case["x"] }, RegExp]>([
    ["RNN", { x: steps, rest: weights, attributes: { direction: "sideways" } }, /direction "sideways"/],
    ["RNN", { x: steps, rest: weights, attributes: { activations: { strings: ["Cube"] } } }, /activation Cube/],
    ["RNN", { x: steps, rest: weights, attributes: { activations: { strings: ["ScaledTanh"] } } }, /without alpha/],
    [
      "LSTM",
      { x: steps, rest: weights, attributes: { activations: { strings: ["Tanh"] } } },
      /1 activations instead of 3/,
    ],
    ["GRU", { x: steps, rest: weights }, /W \[1, 6, 1\].*\[1, 2, 1\]/],
    ["RNN", { x: row(1), rest: weights }, /X of steps, samples and features/],
    ["LpNormalization", { x: row(1), attributes: { p: 3 } }, /p = 3/],
    ["LRN", { x: counting(1, 2, 2) }, /size is missing/],
    ["GroupNormalization", { x: counting(1, 2, 2), opset: 21, rest: [row(1, 1), row(1, 1)] }, /num_groups is missing/],
    ["NegativeLogLikelihoodLoss", { x: at([1, 1], 1), rest: [[0]], attributes: { reduction: "most" } }, /"most"/],
    ["SwiGLU", { x: row(1, 2), opset: 28, rest: [row(1)] }, /a gate and values of one shape.*\[2\] and \[1\]/],
    ["Attention", { x: heads, opset: 23, rest: [heads, heads], attributes: { qk_matmul_output_mode: 4 } }, /mode 4/],
    ["Attention", { x: heads, opset: 25, rest: [heads, heads], attributes: { left_window_size: -2 } }, /negative size/],
    ["Attention", { x: at([1, 1, 2], 1, 2), opset: 23, rest: [at([1, 1, 2], 1, 2), at([1, 1, 2], 1, 2)] }, /no heads/],
    [
      "Attention",
      { x: heads, opset: 23, rest: [at([1, 2, 1, 2], 1, 2, 3, 4), at([1, 2, 1, 2], 1, 2, 3, 4)] },
      /a multiple of those of keys.*1 and 2/,
    ],
    ["RotaryEmbedding", { x: at([1, 1, 2], 1, 2), opset: 23, rest: [row(1), row(0)] }, /no heads/],
    [
      "RotaryEmbedding",
      { x: heads, opset: 23, rest: [at([1, 0]), at([1, 0]), integers([1, 1], 0)] },
      /1 angles a position.*\[1, 0\]/,
    ],
    [
      "CausalConvWithState",
      { x: at([1, 1, 1], 1), opset: 27, rest: [at([1, 1, 1], 1)], attributes: { activation: "tanh" } },
      /"tanh"/,
    ],
    [
      "LinearAttention",
      {
        x: at([1, 1, 1], 1),
        opset: 27,
        rest: [at([1, 1, 1], 1), at([1, 1, 1], 1)],
        attributes: { q_num_heads: 1, kv_num_heads: 1 },
      },
      /"gated_delta" without decay/,
    ],
    [
      "LinearAttention",
      {
        x: at([1, 1, 1], 1),
        opset: 27,
        rest: [at([1, 1, 1], 1), at([1, 1, 1], 1)],
        attributes: { q_num_heads: 1, kv_num_heads: 2 },
      },
      /1 heads of queries for 2/,
    ],
    [
      "LinearAttention",
      {
        x: at([1, 1, 1], 1),
        opset: 27,
        rest: [at([1, 1, 1], 1), at([1, 1, 1], 1)],
        attributes: { update_rule: "fast" },
      },
      /"fast"/,
    ],
    ["TensorScatter", { x: row(1, 2), opset: 24, rest: [row(1)], attributes: { mode: "spiral" } }, /mode "spiral"/],
    [
      "TensorScatter",
      { x: at([1, 1], 1), opset: 24, rest: [at([1, 2], 1, 2)], attributes: { axis: 1 } },
      /1 to 1 entries/,
    ],
  ])("%s is refused", (opType, spec, message) => {
    expect(() => run({ opType, y: row(), ...spec })).toThrow(message);
  });

  it("refuses optimisers by name", () => {
    const domain = "ai.onnx.preview.training";
    const bytes = modelBytes({
      opsetImport: [{ domain, version: 1 }],
      nodes: [{ opType: "Adam", domain, input: ["x"], output: ["y"] }],
    });
    expect(() => importModel(bytes)).toThrow(UnsupportedOperatorError);
    expect(() => importModel(bytes)).toThrow(/Adam.*a step of training/s);
  });
});
