import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
} from "@graftjs/nn";
import { compile, type Device, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, test } from "vitest";
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

type Loss = (input: Tensor, target: Tensor, options: object) => Tensor;

const losses: Readonly<Record<string, Loss>> = {
  cross_entropy: crossEntropy,
  nll_loss: nllLoss,
  bce_with_logits: binaryCrossEntropyWithLogits,
  bce: binaryCrossEntropy,
  mse_loss: mseLoss,
  l1_loss: l1Loss,
  smooth_l1_loss: smoothL1Loss,
  huber_loss: huberLoss,
  kl_div: klDiv,
};

/** PyTorch's words for options. */
const words: Readonly<Record<string, string>> = {
  reduction: "reduction",
  ignore_index: "ignoreIndex",
  label_smoothing: "labelSmoothing",
  log_target: "logTarget",
  beta: "beta",
  delta: "delta",
};

/** Values and gradients of each loss, eagerly and compiled, both on `device`. */
export function lossSuite(device: Device): void {
  const { file, cases } = goldenEntry<{ file: string; cases: readonly Case[] }>("losses");
  const golden = new Golden(file);
  const known = cases.filter((c) => Object.hasOwn(losses, c.loss.op));
  describe.each(["eager", "compiled"])("%s", (way) => {
    test.each(known.map((c) => [c.name, c] as const))("%s", (_, c) => {
      const { op, weight, pos_weight, ...rest } = c.loss;
      const given = {
        ...Object.fromEntries(Object.entries(rest).flatMap(([k, v]) => (words[k] ? [[words[k], v]] : []))),
        ...(weight === true && { weight: golden.get(`${c.name}/weight`) }),
        ...(pos_weight === true && { posWeight: golden.get(`${c.name}/pos_weight`) }),
      };
      const run = (...inputs: [Tensor, Tensor]) => {
        const names = ["input", "target"] as const;
        names.forEach((name, i) => {
          (inputs[i] as Tensor).requiresGrad = c.differentiable.includes(name);
        });
        const loss = (losses[op] as Loss)(...inputs, given);
        sum(loss).backward();
        const grads = names.flatMap((name, i) => {
          const grad = inputs[i]?.grad;
          return grad ? [[`grad_${name}`, grad] as const] : [];
        });
        return { loss: loss.detach(), ...Object.fromEntries(grads) };
      };
      const inputs = ["input", "target"].map((name) => {
        const stored = golden.get(`${c.name}/${name}`);
        return tensor(stored.toArray(), stored.shape);
      }) as [Tensor, Tensor];
      const ready = compile(run, { device });
      const results = way === "eager" ? onDevice(device, () => run(...inputs)) : ready(...inputs);
      for (const name of ["loss", ...c.differentiable.map((d) => `grad_${d}`)]) {
        expectClose(name, results[name as "loss"], golden.get(`${c.name}/${name}`), 1e-7 + 2 * c.f32_max_abs_err);
      }
    });
  });
}
