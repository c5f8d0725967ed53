import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  cosineEmbeddingLoss,
  crossEntropy,
  diceLoss,
  distillationLoss,
  gaussianNllLoss,
  hingeEmbeddingLoss,
  huberLoss,
  infoNceLoss,
  klDiv,
  l1Loss,
  marginRankingLoss,
  mseLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  nllLoss,
  poissonNllLoss,
  sigmoidFocalLoss,
  smoothL1Loss,
  softMarginLoss,
  tripletMarginLoss,
} from "@graftjs/nn";
import { compile, type Device, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { expectClose } from "./close.ts";
import { onDevice } from "./device.ts";
import { Golden, goldenEntry } from "./files.ts";

interface Case {
  readonly name: string;
  readonly loss: Readonly<Record<string, unknown>> & { readonly op: string };
  readonly differentiable: readonly string[];
  readonly constants: readonly string[];
  readonly f32_max_abs_err: number;
}

type Loss = (inputs: readonly Tensor[], options: object) => Tensor;

/** A loss of the goldens, with the names of its inputs in order. */
interface Known {
  readonly inputs: readonly string[];
  readonly loss: Loss;
}

/** The loss is called with the inputs of these names, and the options. */
function known(loss: (...args: never[]) => Tensor, ...inputs: readonly string[]): Known {
  return { inputs, loss: (given, options) => (loss as (...args: unknown[]) => Tensor)(...given, options) };
}

const losses: Readonly<Record<string, Known>> = {
  cross_entropy: known(crossEntropy, "input", "target"),
  nll_loss: known(nllLoss, "input", "target"),
  bce_with_logits: known(binaryCrossEntropyWithLogits, "input", "target"),
  bce: known(binaryCrossEntropy, "input", "target"),
  mse_loss: known(mseLoss, "input", "target"),
  l1_loss: known(l1Loss, "input", "target"),
  smooth_l1_loss: known(smoothL1Loss, "input", "target"),
  huber_loss: known(huberLoss, "input", "target"),
  kl_div: known(klDiv, "input", "target"),
  "knowledge distillation": known(
    (student, teacher, options) => distillationLoss(student, teacher, null, options),
    "student",
    "teacher",
  ),
  cosine_embedding_loss: known(cosineEmbeddingLoss, "x1", "x2", "y"),
  triplet_margin_loss: known(tripletMarginLoss, "anchor", "positive", "negative"),
  margin_ranking_loss: known(marginRankingLoss, "x1", "x2", "y"),
  hinge_embedding_loss: known(hingeEmbeddingLoss, "input", "y"),
  soft_margin_loss: known(softMarginLoss, "input", "y"),
  multi_margin_loss: known(multiMarginLoss, "input", "target"),
  multilabel_soft_margin_loss: known(multilabelSoftMarginLoss, "input", "target"),
  poisson_nll_loss: known(poissonNllLoss, "input", "target"),
  gaussian_nll_loss: known(gaussianNllLoss, "input", "target", "var"),
  "sigmoid_focal_loss (torchvision formula)": known(sigmoidFocalLoss, "input", "target"),
  "soft dice, smooth=1": known((input, target) => diceLoss(input, target), "input", "target"),
  "symmetric InfoNCE": known(
    (image, text, { scale }: { readonly scale: number }) =>
      infoNceLoss(image, text, { temperature: 1 / scale, symmetric: true }),
    "image",
    "text",
  ),
};

/** There is no loss of sequences without alignment. */
const others: readonly string[] = ["ctc_loss"];

/** What is said of a case besides options. */
const notes: readonly string[] = ["op", "weight", "pos_weight", "target", "layout"];

/** Values and gradients of each loss, eagerly and compiled, both on `device`. */
export function lossSuite(device: Device): void {
  const { file, cases } = goldenEntry<{ file: string; cases: readonly Case[] }>("losses");
  const golden = new Golden(file);
  test("every loss is known", () => {
    const unknown = cases.filter((c) => !Object.hasOwn(losses, c.loss.op) && !others.includes(c.loss.op));
    expect(unknown.map((c) => c.name)).toEqual([]);
  });
  describe.each(["eager", "compiled"])("%s", (way) => {
    const tested = cases.filter((c) => Object.hasOwn(losses, c.loss.op));
    test.each(tested.map((c) => [c.name, c] as const))("%s", (_, c) => {
      const { loss, inputs: names } = losses[c.loss.op] as Known;
      const options = { ...camelCased(c.loss), ...given(golden, c) };
      const run = (...inputs: Tensor[]) => {
        for (const [i, name] of names.entries()) (inputs[i] as Tensor).requiresGrad = c.differentiable.includes(name);
        const value = loss(inputs, options);
        sum(value).backward();
        const grads = inputs.flatMap((x, i) => (x.grad ? [[`grad_${names[i]}`, x.grad] as const] : []));
        return { loss: value.detach(), ...Object.fromEntries(grads) };
      };
      const inputs = names.map((name) => {
        const stored = golden.get(`${c.name}/${name}`);
        return tensor(stored.toArray(), stored.shape);
      });
      const ready = compile(run, { device });
      const results = way === "eager" ? onDevice(device, () => run(...inputs)) : ready(...inputs);
      for (const name of ["loss", ...c.differentiable.map((d) => `grad_${d}`)]) {
        expectClose(name, results[name as "loss"], golden.get(`${c.name}/${name}`), 1e-7 + 2 * c.f32_max_abs_err);
      }
    });
  });
}

function camelCased(args: Case["loss"]): object {
  const camelCase = (name: string): string => name.replace(/_[a-z]/g, (part) => part.slice(1).toUpperCase());
  const options = Object.entries(args).filter(([name]) => !notes.includes(name));
  return Object.fromEntries(options.map(([name, value]) => [camelCase(name), value]));
}

/** Options that are tensors. */
function given(golden: Golden, { name, loss: { weight, pos_weight } }: Case): object {
  return {
    ...(weight === true && { weight: golden.get(`${name}/weight`) }),
    ...(pos_weight === true && { posWeight: golden.get(`${name}/pos_weight`) }),
  };
}
