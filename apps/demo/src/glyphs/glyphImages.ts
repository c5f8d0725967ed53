import { Generator } from "@graftjs/tensor";
import { type Distortion, type Draw, distort } from "./distort.ts";
import { type Contour, contours, type GlyphScript } from "./outlines.ts";
import { rasterize } from "./rasterize.ts";

/** Grey images, one byte a pixel, paper light and ink dark. */
export interface GlyphImages {
  /** [n, size, size] */
  images: Uint8Array;
  /** [n] */
  labels: Int32Array;
}

export interface GlyphImagesOptions {
  perClass: number;
  seed: number;
  /** Pixels a side. */
  size?: number;
  distortion?: Distortion;
}

/** About what a hurried hand and a cheap camera do. */
export const handheld: Distortion = {
  rotation: 0.26,
  shear: 0.2,
  scale: [0.75, 1.05],
  shift: 0.06,
  elastic: 0.05,
  weight: [-0.006, 0.03],
};

/** Random numbers that one image may use. */
const drawsPerImage = 32;

/** Characters of scripts, as classes; draws images of them from a seed. */
export class GlyphClasses {
  readonly labels: string[];
  /** For each class, its outline in each face. */
  readonly #outlines: Contour[][][];

  /** @param faces which faces of each script are used; by default all. */
  constructor(scripts: readonly GlyphScript[], faces: (face: string, index: number) => boolean = () => true) {
    this.labels = scripts.flatMap((script) => script.characters);
    this.#outlines = scripts.flatMap((script) => {
      const used = script.faces.filter((face, i) => faces(face.name, i));
      return script.characters.map((_, c) => used.map((face) => contours(face.outlines[c]!)));
    });
  }

  /** `perClass` images of each class, class by class; the same seed gives the same images. */
  images({ perClass, seed, size = 32, distortion = handheld }: GlyphImagesOptions): GlyphImages {
    const n = this.labels.length * perClass;
    const numbers = new Generator(seed).uniform([n, drawsPerImage]).toArray();
    const images = new Uint8Array(n * size * size);
    const labels = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      let at = i * drawsPerImage;
      const draw: Draw = (low, high) => low + (high - low) * (numbers[at++] as number);
      labels[i] = Math.floor(i / perClass);
      const faces = this.#outlines[labels[i]!]!;
      const outline = faces[Math.floor(draw(0, faces.length))]!;
      images.set(photograph(rasterize(distort(outline, size, distortion, draw), size), size, draw), i * size * size);
    }
    return { images, labels };
  }
}

/** Dark ink on light paper, lit from one side. */
function photograph(coverage: Float32Array, size: number, draw: Draw): Uint8Array {
  const [paper, ink] = [draw(0.65, 1), draw(0, 0.4)];
  const [lightX, lightY] = [draw(-0.2, 0.2) / size, draw(-0.2, 0.2) / size];
  return Uint8Array.from(coverage, (inside, i) => {
    const light = 1 + lightX * ((i % size) - size / 2) + lightY * (Math.floor(i / size) - size / 2);
    const value = 255 * light * (paper + (ink - paper) * Math.min(inside, 1));
    return Math.round(Math.min(Math.max(value, 0), 255));
  });
}
