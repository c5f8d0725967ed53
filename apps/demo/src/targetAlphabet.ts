import { TensorDataset } from "@graftjs/data";
import { GlyphClasses, type GlyphImages } from "./glyphs/glyphImages.ts";
import { readGlyphs } from "./glyphs/outlines.ts";
import { glyphPreprocessing, imageSize } from "./preprocessing.ts";

/** How many of the alphabet's typefaces are for training; the others are seen at the end alone. */
const trainingFaces = 4;

/** Images of the alphabet, and the same as a data set. */
export interface AlphabetSet extends GlyphImages {
  readonly perClass: number;
  readonly faces: readonly string[];
  readonly dataset: TensorDataset;
}

/** The alphabet that the backbone never saw. */
export interface TargetAlphabet {
  readonly name: string;
  readonly letters: readonly string[];
  readonly train: AlphabetSet;
  /** Says which epoch is best; in the typefaces of the training images. */
  readonly validation: AlphabetSet;
  /** In typefaces that appear nowhere else. */
  readonly heldOut: AlphabetSet;
  /** SVG path data of each letter, for pictures. */
  readonly outlines: readonly string[];
}

/** Draws the alphabet's images; the same ones each time. */
export function targetAlphabet(): TargetAlphabet {
  const [script] = readGlyphs("target");
  if (!script) throw new Error("glyphs/target.json.gz holds no script.");
  const faces = script.faces.map(({ name }) => name);
  const draw = (perClass: number, seed: number, used: readonly string[]): AlphabetSet => {
    const classes = new GlyphClasses([script], (face) => used.includes(face));
    const { images, labels } = classes.images({ perClass, seed, size: imageSize });
    const shape = [1, imageSize, imageSize];
    const dataset = new TensorDataset({ inputs: images, shape, labels, normalization: glyphPreprocessing });
    return { perClass, faces: used, images, labels, dataset };
  };
  const [seen, unseen] = [faces.slice(0, trainingFaces), faces.slice(trainingFaces)];
  return {
    name: script.name,
    letters: script.characters,
    train: draw(20, 1, seen),
    validation: draw(5, 2, seen),
    heldOut: draw(30, 3, unseen),
    outlines: script.faces[0]!.outlines,
  };
}
