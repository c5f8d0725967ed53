import { formatShape, numel, type Tensor, type TensorSpec, tensor } from "@graftjs/tensor";
import { isFloat, toTensor } from "./constant.ts";
import { CutError, InvalidModelError, ModelInputError } from "./errors.ts";
import type { OnnxModel, ValueInfo } from "./model.ts";
import { type GraphValue, isValue } from "./sequence.ts";
import type { Weight } from "./weights.ts";

/** Inputs larger than this, in elements, are taken for a mistake. */
const largestInput = 2 ** 28;

/** What to take for sizes that a model's inputs leave open. */
export interface OpenSizes {
  readonly batch: number;
  /** The sizes of one image, in the order in which it has them. */
  readonly image: readonly [number, number, number];
  /** Of inputs that are no images. */
  readonly length: number;
}

/**
 * What to try, in this order. Exporters leave open what the network fixes: the channels, or the one size that its position embedding
 * has. 224 is the usual one; 16000 is a second of sound, 3000 the spectra of half a minute.
 */
export const openSizes: readonly [OpenSizes, ...OpenSizes[]] = [
  { batch: 1, image: [3, 224, 224], length: 8 },
  { batch: 1, image: [224, 224, 3], length: 16_000 },
  { batch: 1, image: [1, 224, 224], length: 3000 },
  { batch: 1, image: [3, 384, 384], length: 512 },
  { batch: 1, image: [3, 256, 256], length: 128 },
  { batch: 1, image: [3, 64, 64], length: 64 },
  { batch: 1, image: [3, 32, 32], length: 32 },
  { batch: 1, image: [1, 28, 28], length: 1 },
  { batch: 8, image: [3, 224, 224], length: 8 },
];

/**
 * Shapes and types of a model's inputs; integers are int32. The first axis of the first input is the batch, and so
 * is what has the same symbol, or is the first axis of another input and open or of the same size. Sizes of one symbol are equal.
 * @throws {InvalidModelError} if an input has no shape, or an absurd one
 */
export function inputSpecs({ graph }: OnnxModel, { batch, image, length }: OpenSizes = openSizes[0]): TensorSpec[] {
  const baked = graph.inputs[0]?.shape?.[0];
  const sizes = new Map<string, number>();
  if (typeof baked === "string") sizes.set(baked, batch);
  const sampleShape = ({ name, shape }: ValueInfo): number[] => {
    if (!shape) throw new InvalidModelError(`input "${name}"`, "its shape is not declared");
    const sample = shape.map((d, axis) => {
      if (typeof d === "number") return axis === 0 && d === baked ? batch : d;
      const open = axis === 0 ? batch : ((shape.length === 4 ? image[axis - 1] : undefined) ?? length);
      const size = (d === undefined ? undefined : sizes.get(d)) ?? open;
      if (d !== undefined) sizes.set(d, size);
      return size;
    });
    if (numel(sample) > largestInput)
      throw new InvalidModelError(`input "${name}"`, `its shape ${formatShape(sample)} is too large`);
    return sample;
  };
  return graph.inputs.map((info) => ({
    shape: sampleShape(info),
    dtype: info.dtype === undefined || isFloat(info.dtype) ? "float32" : info.dtype === "bool" ? "bool" : "int32",
  }));
}

/**
 * Inputs by the names that the graph gives them.
 * @throws {ModelInputError} if there are more or less of them, or a shape is not the declared one; the batch may be any size
 */
export function fed({ graph }: OnnxModel, inputs: readonly Tensor[]): [name: string, Tensor][] {
  if (inputs.length !== graph.inputs.length)
    throw new ModelInputError(`${graph.inputs.length} tensors`, String(inputs.length));
  return graph.inputs.map(({ name, shape }, i) => {
    const given = inputs[i] as Tensor;
    const fits =
      !shape ||
      (shape.length === given.rank &&
        shape.every((d, axis) => axis === 0 || typeof d !== "number" || d === given.shape[axis]));
    if (fits) return [name, given];
    throw new ModelInputError(
      `"${name}" of shape [${shape.map((d) => d ?? "?").join(", ")}]`,
      formatShape(given.shape),
    );
  });
}

/** A tensor that was computed, by its name. @throws {CutError} if there is none of that name, or it is no tensor */
export function resultOf(values: ReadonlyMap<string, GraphValue>, name: string): Tensor {
  const result = values.get(name);
  if (!result) throw new CutError(`The model computes no value "${name}"`, "Name one of its nodes' outputs.");
  if (!isValue(result)) throw new CutError(`The value "${name}" is a sequence`, "Name a tensor.");
  return toTensor(result);
}

/** A stored float tensor as a tensor of float32. */
export function tensorOf({ tensor: { data, dims } }: Weight): Tensor {
  return tensor(new Float32Array(data() as Float32Array), dims);
}
