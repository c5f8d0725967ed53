import { add, mul, relu, sigmoid, slice, sub, type Tensor, tanh } from "@graftjs/tensor";

// One step in time of each kind of recurrent layer. `fromInput` is x · W_ihᵀ + b_ih, `fromHidden` h · W_hhᵀ + b_hh.

/** Nonlinearities that an RNN may have. */
export type Nonlinearity = "tanh" | "relu";

/** h' = tanh(fromInput + fromHidden), or its ReLU; all [N, H]. */
export function rnnStep(fromInput: Tensor, fromHidden: Tensor, nonlinearity: Nonlinearity): Tensor {
  const sum = add(fromInput, fromHidden);
  return nonlinearity === "tanh" ? tanh(sum) : relu(sum);
}

/** With gates [N, 4H] in the order i, f, g, o: c' = σ(f) · c + σ(i) · tanh(g), h' = σ(o) · tanh(c'). */
export function lstmStep(fromInput: Tensor, fromHidden: Tensor, cell: Tensor): readonly [hidden: Tensor, cell: Tensor] {
  const gates = add(fromInput, fromHidden);
  const size = cell.shape[1] as number;
  const gate = (i: number): Tensor => slice(gates, 1, i * size, (i + 1) * size);
  const next = add(mul(sigmoid(gate(1)), cell), mul(sigmoid(gate(0)), tanh(gate(2))));
  return [mul(sigmoid(gate(3)), tanh(next)), next];
}

/** With gates [N, 3H] in the order r, z, n: n = tanh(nᵢ + σ(r) · nₕ), h' = (1 - σ(z)) · n + σ(z) · h. */
export function gruStep(fromInput: Tensor, fromHidden: Tensor, hidden: Tensor): Tensor {
  const size = hidden.shape[1] as number;
  const part = (t: Tensor, i: number): Tensor => slice(t, 1, i * size, (i + 1) * size);
  const reset = sigmoid(add(part(fromInput, 0), part(fromHidden, 0)));
  const update = sigmoid(add(part(fromInput, 1), part(fromHidden, 1)));
  const candidate = tanh(add(part(fromInput, 2), mul(reset, part(fromHidden, 2))));
  return add(candidate, mul(update, sub(hidden, candidate)));
}
