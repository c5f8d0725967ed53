import type { Dataset, Sample, SampleKey, SampleWorker } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import type { Image } from "./image.ts";
import { normalizeAs, type Preprocessing, preprocess, sampleShape, toChannels } from "./preprocessing.ts";
import { purpose, RandomStream } from "./random.ts";
import { applyTransforms, type Transform } from "./transforms/transform.ts";

/** What an image data set is, without code: this is what a worker gets. */
export interface ImageDatasetSpec<Source> {
  /** Where each image comes from: file names in Node, `Blob`s in a browser. */
  readonly sources: readonly Source[];
  readonly labels: Int32Array;
  /** Class names; a label is an index into them. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Takes the place of the contract's resize and crop; must give the contract's size. */
  readonly augmentation?: readonly Transform[];
}

/** Turns a source into pixels, and starts threads that do so. */
export interface ImageDecoder<Source> {
  decode(source: Source): Promise<Image>;
  startWorker?(spec: ImageDatasetSpec<Source>): SampleWorker;
}

/**
 * Images with classes, decoded, augmented and preprocessed when they are read.
 *
 * @example
 * ```ts
 * import { DataLoader, ImageDataset, unit } from "@graftjs/data";
 *
 * const image = { width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 51, 102, 255) } as const;
 * const dataset = new ImageDataset(
 *   { sources: [image], labels: Int32Array.of(0), classes: ["cat"], preprocessing: unit(2, 1) },
 *   { decode: async (source) => source },
 * );
 * for await (const { inputs } of new DataLoader(dataset)) console.log(inputs.toNested()); // [[[[0, 0.2], [0.4, 1]]]]
 * ```
 */
export class ImageDataset<Source> implements Dataset {
  readonly length: number;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  readonly sources: readonly Source[];
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly augmentation: readonly Transform[] | undefined;
  readonly startWorker?: () => SampleWorker;
  readonly #decoder: ImageDecoder<Source>;

  /** @throws DatasetError if there are not as many labels as sources, or a label has no class. */
  constructor(spec: ImageDatasetSpec<Source>, decoder: ImageDecoder<Source>) {
    const { sources, labels, classes, preprocessing, augmentation } = spec;
    if (sources.length !== labels.length || labels.some((label) => label < 0 || label >= classes.length)) {
      const expected = `one label for each of ${sources.length} images, from 0 to ${classes.length - 1}`;
      const got = `${labels.length} labels up to ${labels.reduce((a, b) => Math.max(a, b), 0)}`;
      throw new DatasetError(`ImageDataset: expected ${expected}, got ${got}.`, { op: "ImageDataset", expected, got });
    }
    this.length = sources.length;
    this.shape = sampleShape(preprocessing);
    this.labels = labels;
    this.sources = sources;
    this.classes = classes;
    this.preprocessing = preprocessing;
    this.augmentation = augmentation;
    this.#decoder = decoder;
    const { startWorker } = decoder;
    if (startWorker) this.startWorker = () => startWorker(spec);
  }

  /** The same images with another augmentation, or with none. */
  withAugmentation(augmentation: readonly Transform[] | undefined): ImageDataset<Source> {
    const { sources, labels, classes, preprocessing } = this;
    const spec = { sources, labels, classes, preprocessing, ...(augmentation && { augmentation }) };
    return new ImageDataset(spec, this.#decoder);
  }

  /** The decoded image, before augmentation and preprocessing. */
  async image(index: number): Promise<Image> {
    return this.#decoder.decode(this.sources[index] as Source);
  }

  async sample(index: number, { seed, epoch }: SampleKey): Promise<Sample> {
    const image = await this.image(index);
    const label = this.labels[index] as number;
    const { preprocessing, augmentation } = this;
    if (!augmentation) return { input: preprocess(image, preprocessing), label };
    const random = new RandomStream(seed, [purpose.augmentation, epoch, index]);
    const augmented = applyTransforms(toChannels(image, preprocessing), augmentation, random);
    return { input: normalizeAs(augmented, preprocessing), label };
  }
}
