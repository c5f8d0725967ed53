import { LeNet } from "@graftjs/models";
import { crossEntropy, type Module } from "@graftjs/nn";
import { Adam, AdamW, type Optimizer, RMSprop, SGD } from "@graftjs/optim";
import { compile, type Device, isFloat, type Tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { expectClose } from "./close.ts";
import { onDevice, type Runner } from "./device.ts";
import { Golden, goldenEntry } from "./files.ts";
import { TinyMobile, TinyResNet, TinyUNet } from "./networks.ts";
import { TinyBert, TinyRnn, TinyViT } from "./sequenceNetworks.ts";

/** Networks of the goldens that this suite can build. */
export const networkIds: readonly string[] = [
  "lenet_sgd",
  "lenet_adam",
  "resnet_bn_train",
  "resnet_bn_eval",
  "resnet_head_only",
  "resnet_last_block",
  "mobile_train",
  "mobile_eval",
  "bert_adamw",
  "vit_adamw",
  "rnn_sgd",
  "gru_sgd",
  "lstm_sgd",
  "unet_adam",
];

interface Entry {
  readonly file: string;
  readonly network: keyof typeof networks;
  readonly mode: "train" | "eval";
  readonly optimizer: keyof typeof optimizers;
  readonly optimizer_args: Args;
  readonly steps: number;
  readonly batch_of_step: readonly number[];
  /** Names of the network's inputs. */
  readonly inputs: readonly string[];
  /** A pattern of the names that are trained, or `all`. */
  readonly trainable: string;
  /** Final values that float32 is known to miss, by how much. */
  readonly ill_conditioned: Readonly<Record<string, number>>;
}

const networks = {
  LeNet: () => new LeNet(),
  TinyResNet: () => new TinyResNet(),
  TinyMobile: () => new TinyMobile(),
  TinyBert: () => new TinyBert(),
  TinyViT: () => new TinyViT(),
  TinyUNet: () => new TinyUNet(),
  TinyRnn: (id) => new TinyRnn(id.split("_")[0]?.toUpperCase() as "RNN" | "GRU" | "LSTM"),
} satisfies Record<string, (id: string) => Network>;

/** A network that maps tensors, images or words and their mask, to logits. */
type Network = Module<never[]>;

interface Args {
  readonly lr: number;
  readonly momentum?: number;
  readonly weight_decay?: number;
  readonly nesterov?: boolean;
  readonly alpha?: number;
  readonly eps?: number;
  readonly betas?: readonly [number, number];
}

const optimizers = {
  SGD: (parameters: Tensor[], { lr, weight_decay = 0, momentum = 0, nesterov = false }: Args): Optimizer =>
    new SGD(parameters, { learningRate: lr, weightDecay: weight_decay, momentum, nesterov }),
  Adam: (parameters: Tensor[], { lr }: Args): Optimizer => new Adam(parameters, { learningRate: lr }),
  AdamW: (parameters: Tensor[], { lr, weight_decay = 0.01, betas = [0.9, 0.999], eps = 1e-8 }: Args): Optimizer =>
    new AdamW(parameters, { learningRate: lr, weightDecay: weight_decay, betas, eps }),
  RMSprop: (parameters: Tensor[], { lr, alpha = 0.99, momentum = 0, eps = 1e-8 }: Args): Optimizer =>
    new RMSprop(parameters, { learningRate: lr, alpha, momentum, eps }),
};

/**
 * Trains the network of a golden as PyTorch did, and compares logits, losses, gradients and the final state: eagerly
 * and compiled, both on `device`.
 * @param options `eager: false` leaves the first out.
 */
export function networkSuite(id: string, device: Device, { eager = true }: { readonly eager?: boolean } = {}): void {
  if (eager) test(`${id}, eager`, () => onDevice(device, () => trainAsGolden(id, (fn) => fn)));
  test(`${id}, compiled`, () => trainAsGolden(id, (fn) => compile(fn, { device })));
}

function trainAsGolden(id: string, run: Runner): void {
  const entry = goldenEntry<Entry>(id);
  const golden = new Golden(entry.file);
  const net = networks[entry.network](id) as Module<readonly Tensor[]>;
  const { eval_logits: initial, ...init } = golden.under("init/");
  net.loadStateDict(init);
  const trained = new RegExp(entry.trainable === "all" ? "" : entry.trainable);
  const parameters = [...net.namedParameters()];
  for (const [name, parameter] of parameters) parameter.requiresGrad = trained.test(name);
  const optimizer = optimizers[entry.optimizer](net.parameters(), entry.optimizer_args);

  const evaluate = run((...inputs: Tensor[]) => net.forward(...inputs));
  const step = run((target: Tensor, ...inputs: Tensor[]) => {
    optimizer.zeroGrad();
    for (const x of inputs) x.requiresGrad = isFloat(x.dtype);
    const logits = net.forward(...inputs);
    const loss = crossEntropy(logits, target);
    loss.backward();
    const grads = parameters.flatMap(([name, p]) => (p.grad ? [[`step0/grad/${name}`, p.grad] as const] : []));
    const given = inputs.flatMap((x, i) => (x.grad ? [[`step0/grad_input/${entry.inputs[i]}`, x.grad] as const] : []));
    optimizer.step();
    return {
      "step0/loss": loss.detach(),
      "step0/logits": logits.detach(),
      ...Object.fromEntries([...given, ...grads]),
    };
  });

  const inputsOf = (batch: number): Tensor[] => entry.inputs.map((name) => golden.get(`batch${batch}/${name}`));
  net.eval();
  expectClose("init/eval_logits", evaluate(...inputsOf(0)), initial as Tensor);
  entry.batch_of_step.forEach((batch, s) => {
    net.train(entry.mode === "train");
    const results = step(golden.get(`batch${batch}/target`), ...inputsOf(batch));
    const loss = results["step0/loss"] as Tensor;
    const expected = golden.get("losses").toArray()[s] as number;
    expect(Math.abs(loss.item() - expected), `loss of step ${s}`).toBeLessThanOrEqual(1e-5 * Math.max(1, expected));
    if (s === 0) {
      const compared = Object.entries(results).filter(([name]) => golden.has(name));
      for (const [name, value] of compared) expectClose(name, value, golden.get(name));
      const stored = Object.keys(golden.under("step0/")).filter((name) => !name.startsWith("state/"));
      expect(compared.map(([name]) => name).sort()).toEqual(stored.map((name) => `step0/${name}`).sort());
    }
    const buffers = golden.under(`step${s}/state/`);
    for (const [name, buffer] of net.namedBuffers()) expectClose(`step${s}/${name}`, buffer, buffers[name] as Tensor);
  });

  const { eval_logits: final, ...state } = golden.under("final/");
  const own = net.stateDict();
  expect(Object.keys(own).sort()).toEqual(Object.keys(state).sort());
  for (const [name, value] of Object.entries(state)) {
    const loose = entry.ill_conditioned[`final/${name}`] ?? 0;
    expectClose(`final/${name}`, own[name] as Tensor, value, 1e-7 + 4 * loose);
    if (!trained.test(name) && net.namedParameters().has(name)) {
      expect(own[name]?.toArray(), `${name}, which is frozen`).toEqual((init[name] as Tensor).toArray());
    }
  }
  net.eval();
  expectClose("final/eval_logits", evaluate(...inputsOf(0)), final as Tensor, 1e-6);
}
