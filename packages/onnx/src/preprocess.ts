import { Module } from "@graftjs/nn";
import { div, sub, type Tensor, tensor } from "@graftjs/tensor";
import { InvalidModelError } from "./errors.ts";
import type { OnnxModel } from "./model.ts";
import type { Edits, InitializerSpec, NodeSpec } from "./splice.ts";
import { dtypeNumber } from "./tensorData.ts";
import type { Network } from "./verify.ts";

/** Pixels of an image [N, C, H, W] as a network wants them: (pixel / divisor - mean) / std, with a mean and a deviation a channel. */
export interface PixelNormalization {
  readonly divisor: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** What pixels the new file is given, of 0 to 255 for a divisor of 255. Default `"uint8"`. */
  readonly inputType?: "uint8" | "float32";
  /** Name of the new file's input. Default `"pixels"`. */
  readonly inputName?: string;
}

const metadataKey = "graft.preprocessing";

/**
 * Edits that put a normalisation in front of a model's only input, whose name the normalised pixels then have; and the metadata, where
 * the preprocessing contract now says that pixels come as they are. As such a file is imported, the normalisation is constant.
 * @throws {InvalidModelError} if the input is no image of that many channels, or the contract in the metadata names another normalisation
 */
export function normalizationEdits(
  { graph, metadata: own }: OnnxModel,
  { divisor, mean, std, inputType = "uint8", inputName = "pixels" }: PixelNormalization,
  metadata: Readonly<Record<string, string>> = {},
): { readonly edits: Edits; readonly metadata: Readonly<Record<string, string>> } {
  const [input, second] = graph.inputs;
  const refuse = (problem: string): InvalidModelError => new InvalidModelError("preprocess", problem);
  if (!input || second || input.shape?.length !== 4) throw refuse("the model has not one image as its only input");
  const channels = input.shape[1];
  if (mean.length !== std.length || (typeof channels === "number" && mean.length !== channels))
    throw refuse(`${mean.length} means and ${std.length} deviations are given for ${channels ?? "?"} channels`);
  const values = new Set([...graph.initializers.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs), input.name]);
  const named = (name: string): string => `${inputName}/${name}`;
  for (const name of [inputName, ...["float", "centered", "shift", "scale"].map(named)])
    if (values.has(name)) throw refuse(`the model has a value "${name}"; give another inputName`);

  const dims = [1, mean.length, 1, 1];
  const constant = (name: string, data: readonly number[]): InitializerSpec => ({
    name: named(name),
    dims,
    dtype: "float32",
    data,
  });
  const step = (opType: string, inputs: readonly string[], output: string, to?: number): NodeSpec => ({
    name: named(opType),
    opType,
    inputs,
    outputs: [output],
    ...(to !== undefined && { attributes: { to: { type: "int", value: to } } as const }),
  });
  const float = inputType === "float32" ? inputName : named("float");
  const edits: Edits = {
    inputs: [{ name: inputName, dtype: inputType, shape: input.shape }],
    prependNodes: [
      ...(float === inputName ? [] : [step("Cast", [inputName], float, dtypeNumber("float32"))]),
      step("Sub", [float, named("shift")], named("centered")),
      step("Div", [named("centered"), named("scale")], input.name),
    ],
    addInitializers: [
      constant(
        "shift",
        mean.map((m) => m * divisor),
      ),
      constant(
        "scale",
        std.map((s) => s * divisor),
      ),
    ],
  };
  return { edits, metadata: contractOf({ ...own, ...metadata }, { divisor, mean, std }, refuse) };
}

/** The contract without the normalisation that is now in the file. */
function contractOf(
  metadata: Readonly<Record<string, string>>,
  given: Readonly<Record<"divisor" | "mean" | "std", unknown>>,
  refuse: (problem: string) => InvalidModelError,
): Readonly<Record<string, string>> {
  const text = metadata[metadataKey];
  if (text === undefined) return {};
  let contract: Record<string, unknown>;
  try {
    contract = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw refuse(`the metadata entry "${metadataKey}" is no JSON`);
  }
  for (const [key, value] of Object.entries(given))
    if (JSON.stringify(contract[key]) !== JSON.stringify(value))
      throw refuse(
        `the contract in the metadata has the ${key} ${JSON.stringify(contract[key])}, not ${JSON.stringify(value)}`,
      );
  const plain = { divisor: 1, mean: (given.mean as number[]).map(() => 0), std: (given.std as number[]).map(() => 1) };
  return { [metadataKey]: JSON.stringify({ ...contract, ...plain }) };
}

/** A network behind the normalisation of its pixels. */
export class Normalized extends Module<[Tensor, ...Tensor[]], Tensor> {
  readonly network: Network;
  readonly #shift: Tensor;
  readonly #scale: Tensor;

  constructor(network: Network, { divisor, mean, std }: PixelNormalization) {
    super();
    this.network = network;
    const column = (values: readonly number[]): Tensor =>
      tensor(
        values.map((v) => v * divisor),
        [1, values.length, 1, 1],
      );
    this.#shift = column(mean);
    this.#scale = column(std);
  }

  override forward(pixels: Tensor): Tensor {
    return this.network.forward(div(sub(pixels, this.#shift), this.#scale));
  }
}
