import sharp, { type OverlayOptions } from "sharp";
import type { GlyphImages } from "./glyphs/glyphImages.ts";

export interface ContactSheetOptions extends GlyphImages {
  /** Predicted class of each image. */
  readonly predictions: ArrayLike<number>;
  /** SVG path data of each class's letter. */
  readonly outlines: readonly string[];
  /** How many images of each class are shown. Default 10. */
  readonly columns?: number;
}

const margin = 24;
const tile = 64;
const cell = { width: tile + 8, height: tile + 36 };
const colours = { right: "#16803c", wrong: "#d02525", ink: "#1c1c22", rule: "#d9d9de" };

/**
 * A picture of images and what they were taken for: classes in two columns, the letter in front; below each image the
 * predicted letter, green where it is right and red where it is wrong.
 * @returns a PNG file. Letters are drawn from outlines, so that it looks alike on machines without fonts.
 */
export async function contactSheet(options: ContactSheetOptions): Promise<Buffer> {
  const { images, labels, predictions, outlines, columns = 10 } = options;
  const side = Math.sqrt(images.length / labels.length);
  const rows = Math.ceil(outlines.length / 2);
  const columnWidth = (columns + 1) * cell.width + margin;
  const [width, height] = [2 * columnWidth + margin, rows * cell.height + 2 * margin];
  const tiles: OverlayOptions[] = [];
  const marks: string[] = [];
  for (const [label, outline] of outlines.entries()) {
    const left = margin + Math.floor(label / rows) * columnWidth;
    const top = margin + (label % rows) * cell.height;
    marks.push(glyph(outline, left + tile / 2 - 6, top + tile / 2, 52, colours.ink));
    const shown = indicesOf(labels, label).slice(0, columns);
    for (const [i, index] of shown.entries()) {
      const x = left + (i + 1) * cell.width;
      const predicted = predictions[index]!;
      const colour = predicted === label ? colours.right : colours.wrong;
      const pixels = images.subarray(index * side * side, (index + 1) * side * side);
      const input = await imagePng(pixels, side, tile);
      tiles.push({ input, left: x, top });
      const border = predicted === label ? colours.rule : colours.wrong;
      const stroke = predicted === label ? 1 : 3;
      marks.push(
        `<rect x="${x}" y="${top}" width="${tile}" height="${tile}" fill="none" stroke="${border}" stroke-width="${stroke}"/>`,
        glyph(outlines[predicted]!, x + tile / 2, top + tile + 14, 22, colour),
      );
    }
  }
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${marks.join("")}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: "#fff" } })
    .composite([...tiles, { input: Buffer.from(overlay), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

/** A grey image of `side` × `side` pixels as a PNG file, `size` pixels a side. */
export function imagePng(pixels: Uint8Array, side: number, size: number = side): Promise<Buffer> {
  const image = sharp(pixels, { raw: { width: side, height: side, channels: 1 } });
  return image.resize(size, size, { kernel: "cubic" }).png().toBuffer();
}

/** An outline (coordinates from -127 to 127) as an SVG path of about `size` pixels around a centre. */
function glyph(outline: string, x: number, y: number, size: number, colour: string): string {
  return `<path d="${outline}" transform="translate(${x} ${y}) scale(${size / 254})" fill="${colour}"/>`;
}

function indicesOf(labels: Int32Array, label: number): number[] {
  return [...labels.keys()].filter((i) => labels[i] === label);
}
