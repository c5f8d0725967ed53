import {
  ArgumentError,
  add,
  arange,
  cast,
  clampMin,
  concat,
  DTypeError,
  div,
  equal,
  formatShape,
  full,
  gather,
  greater,
  less,
  logaddexp,
  logicalAnd,
  mul,
  neg,
  notEqual,
  pad,
  reshape,
  runtime,
  ShapeError,
  select,
  slice,
  squeeze,
  stack,
  sub,
  type Tensor,
  tensor,
  unsqueeze,
  where,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link ctcLoss} and {@link CTCLoss}. */
export interface CTCLossOptions extends LossOptions {
  /** The class that stands for no symbol. Default 0. */
  readonly blank?: number;
  /** Whether a loss of ∞, of a target that is too long for its input, counts as 0. Default `false`. */
  readonly zeroInfinity?: boolean;
}

/** How long sequences are: int32 [N], or a list; a tensor [] or a list of one where there is no batch axis. */
export type SequenceLengths = Tensor | readonly number[];

/**
 * Connectionist temporal classification: -ln Σ over all alignments of Π probability, where an alignment says a class for each
 * time, and becomes the target when repetitions are merged and blanks then dropped. Computed forwards in time, in
 * logarithms. `mean` (the default) divides the losses by the lengths of their targets, then averages them over the batch.
 *
 * Differs from PyTorch: targets are padded, not concatenated. The gradient is that with respect to `logProbs`; PyTorch's has
 * e^logProbs added, which makes no difference before `logSoftmax`. The gradient of an infinite loss says nothing, where
 * PyTorch's is NaN: set `zeroInfinity`.
 * @param logProbs ln of probabilities, as of `logSoftmax`, [T, N, C] or [T, C].
 * @param targets int32 [N, S] or [S]: classes other than blank; what comes after a target's length is not looked at.
 * @throws {ShapeError | DTypeError} if shapes or dtypes do not fit. @throws {ArgumentError} if blank is no class, or a length
 * is more than there is (outside of compiled functions).
 * Source: Graves et al. 2006, https://www.cs.toronto.edu/~graves/icml_2006.pdf;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html
 *
 * @example
 * ```ts
 * import { ctcLoss } from "@graftjs/nn";
 * import { log, tensor } from "@graftjs/tensor";
 *
 * // Two times, of which each says blank or 1 with probability ½: 1 is what 01, 10 and 11 say.
 * const logProbs = log(tensor([[0.5, 0.5], [0.5, 0.5]]));
 * const loss = ctcLoss(logProbs, tensor([1], undefined, { dtype: "int32" }), [2], [1]);
 * console.log(Math.exp(-loss.item())); // 0.75
 * ```
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: SequenceLengths,
  targetLengths: SequenceLengths,
  options: CTCLossOptions = {},
): Tensor {
  const { blank = 0, zeroInfinity = false, reduction = "mean" } = options;
  const single = logProbs.rank === 2;
  const [scores, classes] = single ? [unsqueeze(logProbs, 1), unsqueeze(targets, 0)] : [logProbs, targets];
  const [times, batch, count] = scores.shape as [number, number, number];
  if (scores.rank !== 3 || classes.rank !== 2 || classes.shape[0] !== batch) {
    throw new ShapeError({
      op: "ctcLoss",
      expected: "logProbs [T, N, C] and targets [N, S], or [T, C] and [S]",
      got: `${formatShape(logProbs.shape)} and ${formatShape(targets.shape)}`,
    });
  }
  if (targets.dtype !== "int32") throw new DTypeError({ op: "ctcLoss", expected: "int32 targets", got: targets.dtype });
  if (!Number.isInteger(blank) || blank < 0 || blank >= count) {
    throw new ArgumentError({ op: "ctcLoss", expected: `a blank in [0, ${count})`, got: String(blank) });
  }
  const inputs = lengthsOf("inputLengths", inputLengths, batch, times);
  const symbols = lengthsOf("targetLengths", targetLengths, batch, classes.shape[1] as number);
  const found = neg(alignments(scores, extended(classes, symbols, blank), blank, inputs, symbols));
  const losses = zeroInfinity ? where(equal(found, Number.POSITIVE_INFINITY), 0, found) : found;
  const weighed = reduction === "mean" ? div(losses, clampMin(cast(symbols, losses.dtype), 1)) : losses;
  const result = reduce("ctcLoss", weighed, reduction);
  return single && reduction === "none" ? squeeze(result, 0) : result;
}

/** The targets with blanks between, before and after: [N, 2S + 1]; blanks from a target's end on. */
function extended(targets: Tensor, lengths: Tensor, blank: number): Tensor {
  const [batch, most] = targets.shape as [number, number];
  const inside = less(arange(0, most), unsqueeze(lengths, 1));
  const symbols = where(inside, targets, blank);
  const pairs = reshape(stack([full([batch, most], blank, { dtype: "int32" }), symbols], 2), [batch, 2 * most]);
  return concat([pairs, full([batch, 1], blank, { dtype: "int32" })], 1);
}

/** ln of the probability of all alignments with labels [N, L]: [N]. */
function alignments(scores: Tensor, labels: Tensor, blank: number, inputs: Tensor, symbols: Tensor): Tensor {
  const [times, batch] = scores.shape as [number, number, number];
  const length = labels.shape[1] as number;
  const impossible = Number.NEGATIVE_INFINITY;
  const dtype = scores.dtype;
  const spread = add(reshape(labels, [1, batch, length]), full([times, 1, 1], 0, { dtype: "int32" }));
  const emitted = gather(scores, spread, 2);
  // From a symbol to the next, without the blank between, where they differ.
  const skips = logicalAnd(notEqual(labels, blank), notEqual(labels, earlier(labels, 2, blank)));
  // Before the first time, all is at the first blank.
  let forward = add(where(equal(arange(0, length), 0), 0, impossible), full([batch, 1], 0, { dtype }));
  for (let t = 0; t < times; t++) {
    const moved = logaddexp(forward, earlier(forward, 1, impossible));
    const reached = logaddexp(moved, where(skips, earlier(forward, 2, impossible), impossible));
    const next = add(reached, select(emitted, 0, t));
    forward = where(unsqueeze(greater(inputs, t), 1), next, forward);
  }
  // At the end: at the last symbol, or the blank after it.
  const last = unsqueeze(mul(symbols, 2), 1);
  const some = greater(last, 0);
  const before = where(some, gather(forward, where(some, sub(last, 1), 0), 1), impossible);
  return squeeze(logaddexp(gather(forward, last, 1), before), 1);
}

/** Each element in the place of one `by` places later along the last axis of [N, L]. */
function earlier(x: Tensor, by: number, value: number): Tensor {
  const around = [
    [0, 0],
    [by, 0],
  ] as const;
  return slice(pad(x, around, { value }), 1, 0, x.shape[1] as number);
}

/** Lengths as int32 [N]. @throws {ShapeError | DTypeError | ArgumentError} */
function lengthsOf(name: string, given: SequenceLengths, batch: number, most: number): Tensor {
  const list = "shape" in given ? given : tensor(Int32Array.from(given));
  if (list.dtype !== "int32") throw new DTypeError({ op: "ctcLoss", expected: `int32 ${name}`, got: list.dtype });
  if (list.size !== batch || list.rank > 1) {
    throw new ShapeError({ op: "ctcLoss", expected: `${name} [${batch}]`, got: formatShape(list.shape) });
  }
  // Inside of a trace there are no values.
  const values = runtime().tracer || list.storage.buffer ? [] : list.toArray();
  const wrong = values.find((v) => v < 0 || v > most);
  if (wrong !== undefined) {
    throw new ArgumentError({ op: "ctcLoss", expected: `${name} in [0, ${most}]`, got: String(wrong) });
  }
  return reshape(list, [batch]);
}

/**
 * {@link ctcLoss} as a module.
 *
 * @example
 * ```ts
 * import { CTCLoss } from "@graftjs/nn";
 * import { logSoftmax, tensor, zeros } from "@graftjs/tensor";
 *
 * const targets = tensor([[1, 2]], undefined, { dtype: "int32" });
 * const loss = new CTCLoss({ reduction: "sum" });
 * // Of 3⁴ alignments 15 say 1, 2.
 * console.log(Math.exp(-loss.forward(logSoftmax(zeros([4, 1, 3]), -1), targets, [4], [2]).item()) * 81); // 15
 * ```
 */
export class CTCLoss extends Module<
  readonly [logProbs: Tensor, targets: Tensor, inputLengths: SequenceLengths, targetLengths: SequenceLengths]
> {
  readonly options: CTCLossOptions;

  constructor(options: CTCLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: SequenceLengths, targetLengths: SequenceLengths): Tensor {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, this.options);
  }
}
