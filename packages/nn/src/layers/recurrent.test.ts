import { compile, concat, gradients, ones, slice, sum, type Tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { GRU, GRUCell, LSTM, LSTMCell, normal, RNN, RNNCell } from "../index.ts";

const rounded = (t: Tensor): number[] => [...t.toArray()].map((v) => Math.round(v * 1e5) / 1e5);

describe("recurrent layers", () => {
  test("parameters by PyTorch's names, in its order", () => {
    const names = (suffix: string, projected = false): string[] =>
      ["weight_ih", "weight_hh", "bias_ih", "bias_hh", ...(projected ? ["weight_hr"] : [])].map((n) => `${n}${suffix}`);
    const lstm = new LSTM(3, 4, { numLayers: 2, bidirectional: true, projSize: 2 });
    expect(Object.keys(lstm.stateDict())).toEqual(
      ["_l0", "_l0_reverse", "_l1", "_l1_reverse"].flatMap((suffix) => names(suffix, true)),
    );
    expect(lstm.getParameter("weight_ih_l1").shape).toEqual([16, 4]);
    expect(Object.keys(new GRU(3, 4, { bias: false }).stateDict())).toEqual(["weight_ih_l0", "weight_hh_l0"]);
  });

  test("a sequence in two parts, the state handed on, is the sequence", () => {
    const x = normal([6, 2, 3]);
    const lstm = new LSTM(3, 4, { numLayers: 2 });
    const [whole, [h, c]] = lstm.forward(x);
    const [first, state] = lstm.forward(slice(x, 0, 0, 2));
    const [second, [h2, c2]] = lstm.forward(slice(x, 0, 2), state);
    expect(rounded(concat([first, second]))).toEqual(rounded(whole));
    expect([rounded(h2), rounded(c2)]).toEqual([rounded(h), rounded(c)]);
  });

  test("cells are the steps of layers", () => {
    const x = normal([2, 3]);
    const pairs = [
      [new RNN(3, 4), new RNNCell(3, 4)],
      [new GRU(3, 4), new GRUCell(3, 4)],
    ] as const;
    for (const [layer, cell] of pairs) {
      cell.loadStateDict(Object.fromEntries(Object.entries(layer.weights).map(([name, w]) => [name.slice(0, -3), w])));
      const [y] = layer.forward(ones([1, 2, 3]));
      expect(rounded(cell.forward(ones([2, 3])))).toEqual(rounded(y));
      expect(cell.forward(x).shape).toEqual([2, 4]);
    }
    const [h, c] = new LSTMCell(3, 4).forward(x);
    expect([h.shape, c.shape]).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  test("dropout lies between layers, in training mode alone", () => {
    const x = normal([3, 2, 3]);
    const gru = new GRU(3, 4, { numLayers: 2, dropout: 0.5 });
    const one = (): number[] => rounded(gru.forward(x)[0]);
    expect(one()).not.toEqual(one());
    gru.eval();
    expect(one()).toEqual(one());
    const single = new GRU(3, 4, { dropout: 0.9 });
    expect(rounded(single.forward(x)[0])).toEqual(rounded(single.forward(x)[0]));
  });

  test("compiled for each length, gradients included", () => {
    const gru = new GRU(2, 3, { batchFirst: true });
    const weight = gru.getParameter("weight_hh_l0");
    const eager = (x: Tensor): Tensor => gradients(sum(gru.forward(x)[0]), [weight])[0] as Tensor;
    const compiled = compile(eager);
    for (const length of [1, 2, 7]) {
      const x = normal([2, length, 2]);
      expect(rounded(compiled(x))).toEqual(rounded(eager(x)));
    }
  });

  test("names what does not fit", () => {
    const lstm = new LSTM(3, 4, { batchFirst: true });
    expect(() => lstm.forward(ones([2, 5, 2]))).toThrow("LSTM: expected [N, L, 3] or [L, 3], got [2, 5, 2]");
    expect(() => lstm.forward(ones([2, 0, 3]))).toThrow("LSTM: expected [N, L, 3]");
    expect(() => lstm.forward(ones([2, 5, 3]), [zeros([1, 2, 4]), zeros([1, 2, 3])])).toThrow(
      "LSTM: expected a state of shape [1, 2, 4], [1, 2, 4], got [1, 2, 4], [1, 2, 3]",
    );
    expect(() => new LSTM(3, 4, { projSize: 4 })).toThrow("LSTM: expected projSize in [0, 4), got 4");
    expect(() => new GRU(3, 0)).toThrow("GRU: expected hiddenSize >= 1, got 0");
    expect(() => new RNN(3, 4, { dropout: 2 })).toThrow("RNN: expected a probability in [0, 1], got 2");
    expect(() => new RNN(3, 4, { nonlinearity: "sigmoid" as "tanh" })).toThrow(
      "RNN: expected nonlinearity tanh or relu",
    );
    expect(() => new GRUCell(3, 4).forward(ones([2, 3]), zeros([2, 3]))).toThrow(
      "GRUCell: expected [N, 3] and a state of [N, 4], or both without N, got [2, 3], [2, 3]",
    );
  });
});
