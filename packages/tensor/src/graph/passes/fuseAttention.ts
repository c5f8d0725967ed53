import { equalShapes, stridesOf } from "../../shape.ts";
import { type Call, type CallOf, type ChainOperand, isSameOperand, type MatrixView } from "../call.ts";
import type { Value } from "../graph.ts";

/** Largest sum of the sizes of a key and a value: blocks of both are held packed, with the results of many queries. */
const MOST_FEATURES = 256;
/** With fewer queries, packing keys and values costs more than the scores do. */
const FEWEST_QUERIES = 16;

/**
 * Makes a call `attention` of a product of queries with transposed keys, what scales and masks it, softmax over the keys,
 * and the product with values, where nothing else reads the scores or weights: they are never in memory as a whole then.
 * A gradient reads the weights, so this is for programs that take none.
 */
export function fuseAttention(
  calls: readonly Call[],
  uses: ReadonlyMap<Value, number>,
  constants: ReadonlySet<Value>,
  root: (value: Value) => Value,
): Call[] {
  const makers = new Map<Value, Call>();
  for (const call of calls) for (const v of call.outputs) makers.set(v, call);
  /** What computes a value that nothing else reads. */
  const maker = (v: Value): Call | undefined => (uses.get(root(v)) === 1 ? makers.get(root(v)) : undefined);
  const replaced = new Map<Call, Call>();
  const absorbed = new Set<Call>();
  for (const call of calls) {
    if (call.kernel !== "matmul") continue;
    const match = matchAttention(call, maker, root);
    const result = constants.has(call.outputs[0] as Value);
    if (!match || match.parts.some((part) => constants.has(part.outputs[0] as Value) !== result)) continue;
    replaced.set(call, match.call);
    for (const part of match.parts) absorbed.add(part);
  }
  return calls.filter((c) => !absorbed.has(c)).map((c) => replaced.get(c) ?? c);
}

interface Match {
  readonly call: CallOf<"attention">;
  /** The calls that it does, but for the last. */
  readonly parts: readonly Call[];
}

type Maker = (v: Value) => Call | undefined;

function matchAttention(product: CallOf<"matmul">, maker: Maker, root: (v: Value) => Value): Match | null {
  const { attrs, inputs, outputs } = product;
  const [weights, value] = inputs as [Value, Value];
  if (attrs.transposeA || attrs.transposeB || attrs.viewA || attrs.epilogue) return null;
  const cleared = maker(weights);
  const zeroed = cleared?.kernel === "chain" ? matchCleared(cleared, maker) : null;
  const softmax = zeroed ? zeroed.softmax : cleared;
  if (softmax?.kernel !== "softmax" || softmax.attrs.axis !== weights.spec.shape.length - 1) return null;
  const masked = maker(softmax.inputs[0] as Value);
  const adjusted = masked?.kernel === "chain" ? matchAdjusted(masked, maker) : null;
  const scores = adjusted ? adjusted.scores : masked;
  if (scores?.kernel !== "matmul" || scores.attrs.transposeA || !scores.attrs.transposeB) return null;
  const { viewOutput, epilogue } = scores.attrs;
  const { shape, dtype } = (scores.outputs[0] as Value).spec;
  const shapes = [weights, softmax.inputs[0] as Value, masked?.outputs[0] as Value].map((v) => v.spec.shape);
  if (viewOutput || epilogue?.clamp || dtype !== "float32" || !shapes.every((s) => equalShapes(s, shape))) return null;
  const query = scores.attrs.viewA ?? contiguous(scores.inputs[0] as Value);
  const key = scores.attrs.viewB ?? contiguous(scores.inputs[1] as Value);
  const seen = attrs.viewB ?? contiguous(value);
  const output = attrs.viewOutput ?? contiguous(outputs[0] as Value);
  if (!equalShapes(output.shape.slice(0, -1), shape.slice(0, -1))) return null;
  if ((query.shape.at(-1) as number) + (seen.shape.at(-1) as number) > MOST_FEATURES) return null;
  if ((query.shape.at(-2) as number) < FEWEST_QUERIES) return null;
  const masks = [...epilogueMasks(scores), ...(adjusted?.mask ? [adjusted.mask] : [])];
  // A scale is applied before a mask is added.
  if (masks.length > 1 || (epilogue && (adjusted?.scale ?? 1) !== 1)) return null;
  const allowed = adjusted?.allowed ?? null;
  if (zeroed && !(allowed && isSameRead(zeroed.allowed, allowed, root))) return null;
  const [mask] = masks;
  return {
    call: {
      kernel: "attention",
      attrs: {
        ...{ query, key, value: seen, output },
        scale: adjusted?.scale ?? 1,
        mask: mask?.strides ?? null,
        allowed: allowed && { strides: allowed.strides, fill: allowed.fill, isCleared: zeroed !== null },
      },
      inputs: [
        ...(scores.inputs.slice(0, 2) as Value[]),
        value,
        ...(mask ? [mask.value] : []),
        ...(allowed ? [allowed.value] : []),
      ],
      outputs,
    },
    parts: [scores, ...(adjusted && masked ? [masked] : []), softmax, ...(zeroed && cleared ? [cleared] : [])],
  };
}

/** Something that is read along the axes of the scores. */
interface Read {
  readonly value: Value;
  readonly strides: readonly number[];
}

interface Adjusted {
  readonly scores: Call;
  readonly scale: number;
  readonly mask: Read | null;
  readonly allowed: (Read & { readonly fill: number }) | null;
}

/** A chain that is · scale, + mask, and then a number where something is false: each once or not at all. */
function matchAdjusted(chain: CallOf<"chain">, maker: Maker): Adjusted | null {
  const { attrs, inputs, outputs } = chain;
  if (outputs.length !== 1 || attrs.outputs[0] !== attrs.steps.length - 1) return null;
  const own = inputs.findIndex((v) => maker(v)?.kernel === "matmul");
  let [scale, mask, allowed]: [number, Read | null, Adjusted["allowed"]] = [1, null, null];
  let current: ChainOperand = { kind: "input", index: own };
  for (const [index, { op, operands }] of attrs.steps.entries()) {
    const place = operands.findIndex((o) => isSameOperand(o, current));
    const others = operands.filter((_, i) => i !== place);
    const [first, second] = others;
    const read = first?.kind === "input" ? readOf(chain, first.index) : null;
    if (place < 0 || allowed || others.some((o) => isSameOperand(o, current))) return null;
    if (op === "mul" && first?.kind === "constant" && !mask) scale *= first.value;
    else if (op === "add" && read && !mask) mask = read;
    else if (op === "where" && place === 1 && read && second?.kind === "constant") {
      allowed = { ...read, fill: second.value };
    } else return null;
    current = { kind: "step", index };
  }
  const scores = own < 0 ? undefined : maker(inputs[own] as Value);
  const isPlain = (inputs[own] as Value | undefined)?.spec.shape.length === attrs.shape.length;
  return scores && isPlain ? { scores, scale, mask, allowed } : null;
}

/** A chain that is 0 where something is false, and weights otherwise. */
function matchCleared(chain: CallOf<"chain">, maker: Maker): { allowed: Read; softmax: Call } | null {
  const { attrs, inputs } = chain;
  const [step, ...more] = attrs.steps;
  const [condition, kept, otherwise] = step?.operands ?? [];
  if (step?.op !== "where" || more.length > 0 || otherwise?.kind !== "constant" || otherwise.value !== 0) return null;
  if (condition?.kind !== "input" || kept?.kind !== "input") return null;
  const softmax = maker(inputs[kept.index] as Value);
  const allowed = readOf(chain, condition.index);
  return softmax && allowed ? { allowed, softmax } : null;
}

/** An input of a chain, if keys lie side by side in it. */
function readOf({ attrs, inputs }: CallOf<"chain">, index: number): Read | null {
  const strides = attrs.inputs[index]?.strides ?? [];
  const isSideBySide = strides.at(-1) === 1 || attrs.shape.at(-1) === 1;
  return isSideBySide ? { value: inputs[index] as Value, strides } : null;
}

/** What a product of queries and keys adds to itself. */
function epilogueMasks({ attrs: { epilogue }, inputs, outputs }: CallOf<"matmul">): Read[] {
  const { shape } = (outputs[0] as Value).spec;
  const masks: Read[] = [];
  if (epilogue?.bias)
    masks.push({ value: inputs[2] as Value, strides: shape.map((_, i) => Number(i === shape.length - 1)) });
  if (epilogue?.residual) masks.push({ value: inputs.at(-1) as Value, strides: stridesOf(shape) });
  return masks;
}

function contiguous({ spec: { shape } }: Value): MatrixView {
  return { shape, strides: stridesOf(shape) };
}

function isSameRead(a: Read, b: Read, root: (v: Value) => Value): boolean {
  return root(a.value) === root(b.value) && equalShapes(a.strides, b.strides);
}
