import {
  add,
  concat,
  exp,
  matmul,
  mul,
  permute,
  reshape,
  ShapeError,
  split,
  sub,
  type Tensor,
  transpose,
  zeros,
} from "@graftjs/tensor";
import { defineOperator, float, type Inputs, ignored, int, type Operator, string } from "../operator.ts";
import { splitHeads } from "./heads.ts";

/** Which inputs a rule takes. */
const rules: Readonly<Record<string, { readonly decay: boolean; readonly beta: boolean }>> = {
  linear: { decay: false, beta: false },
  gated: { decay: true, beta: false },
  delta: { decay: false, beta: true },
  gated_delta: { decay: true, beta: true },
};

/**
 * Along a sequence, S' = e^decay · S + kᵀ · u with u = v, or, by the delta rules, beta · (v - k · e^decay · S); and
 * y = scale · q · S'. Rows q, k and v are those of one position and head; query heads share the states S [dk, dv] evenly.
 * Inputs [N, L, heads · features]; outputs the same of values, and the last state [N, heads, dk, dv]. Steps are unrolled.
 * https://onnx.ai/onnx/operators/onnx__LinearAttention.html
 */
export const linearAttentionOperator: Operator = defineOperator({
  opType: "LinearAttention",
  since: [27],
  attributes: {
    chunk_size: ignored(),
    kv_num_heads: int(undefined),
    q_num_heads: int(undefined),
    scale: float(0),
    update_rule: string("gated_delta"),
  },
  import: ({ node, attributes, reject }) => {
    const { q_num_heads: queryHeads = 0, kv_num_heads: keyHeads = 0, scale, update_rule } = attributes;
    const rule = rules[update_rule];
    if (!rule) return reject(`update_rule "${update_rule}"`);
    const shared = queryHeads / keyHeads;
    if (!Number.isInteger(shared) || shared < 1)
      return reject(`${queryHeads} heads of queries for ${keyHeads} of keys`);
    for (const [name, i] of [
      ["decay", 4],
      ["beta", 5],
    ] as const)
      if (rule[name] !== Boolean(node.inputs[i]))
        return reject(`update_rule "${update_rule}" ${rule[name] ? "without" : "with"} ${name}`);
    return (inputs) => {
      const [queries, keys, values] = [queryHeads, keyHeads, keyHeads].map((heads, i) => rows(inputs, i, heads)) as [
        Tensor[],
        Tensor[],
        Tensor[],
      ];
      if (queries.length === 0 || [keys, values].some(({ length }) => length !== queries.length)) {
        const expected = "queries, keys and values of one length, at least 1";
        const got = [queries, keys, values].map(({ length }) => length).join(", ");
        throw new ShapeError({ op: "LinearAttention", expected, got });
      }
      const decays = rule.decay ? rows(inputs, 4, keyHeads).map((row) => transpose(exp(row), 2, 3)) : [];
      const betas = rule.beta ? rows(inputs, 5, inputs.shape(5)[2] as number) : [];
      const batch = inputs.shape(0)[0] as number;
      const [keySize, valueSize] = [keys, values].map(([row]) => row?.shape[3] as number) as [number, number];
      const factor = scale || 1 / Math.sqrt(keySize);
      let state = inputs.has(3) ? inputs.tensor(3) : zeros([batch, keyHeads, keySize, valueSize]);
      const outputs = queries.map((query, t) => {
        const [key, value, decay, beta] = [keys[t] as Tensor, values[t] as Tensor, decays[t], betas[t]];
        if (decay) state = mul(decay, state);
        const written = beta ? mul(beta, sub(value, matmul(key, state))) : value;
        state = add(state, mul(transpose(key, 2, 3), written));
        const read = matmul(mul(reshape(query, [batch, keyHeads, shared, keySize]), factor), state);
        return reshape(read, [batch, 1, queryHeads * valueSize]);
      });
      return [concat(outputs as [Tensor, ...Tensor[]], 1), state];
    };
  },
});

/** Input `i` at each position, [N, heads, 1, features]. */
function rows(inputs: Inputs, i: number, heads: number): Tensor[] {
  return split(permute(splitHeads("LinearAttention", inputs.tensor(i), heads), [0, 2, 1, 3]), 1, 2);
}
