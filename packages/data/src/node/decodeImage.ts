import { readFile } from "node:fs/promises";
import { ImageDecodeError } from "../errors.ts";
import type { Image } from "../image.ts";

type Sharp = typeof import("sharp").default;

let loaded: Promise<Sharp> | undefined;

/** `sharp` comes with native code, so it is loaded when the first image is, not when this package is. */
async function loadSharp(): Promise<Sharp> {
  loaded ??= import("sharp").then((module) => module.default);
  return loaded;
}

/** Lets each image be decoded by one thread only, for use where several images are decoded at a time. */
export async function decodeWithOneThread(): Promise<void> {
  (await loadSharp()).concurrency(1);
}

/**
 * Decodes a JPEG, PNG or WebP file to 8-bit RGB: EXIF orientation applied, alpha dropped, palettes, grey and CMYK
 * converted, colour profiles ignored. The same bytes as Pillow's `ImageOps.exif_transpose(image).convert("RGB")`, but
 * for 16-bit grey PNGs, of which Pillow clips the values above 255 and this takes the high byte.
 *
 * @param source a file's name, or its bytes.
 * @param name what to call the image in an error; the file's name unless given.
 * @throws ImageDecodeError that names the file, if it cannot be read, is no image, or is damaged or cut short.
 *
 * @example
 * ```ts
 * import { decodeImage } from "@graftjs/data/node";
 *
 * const { width, height, channels } = await decodeImage("packages/data/fixtures/images/scene.jpg");
 * console.log(width, height, channels); // 319 241 3
 * ```
 */
export async function decodeImage(source: string | Uint8Array, name?: string): Promise<Image> {
  const file = name ?? (typeof source === "string" ? source : "from bytes");
  const bytes = typeof source === "string" ? await readImageFile(source) : source;
  if (bytes.length === 0) throw new ImageDecodeError(file, "the file is empty");
  const sharp = await loadSharp();
  try {
    const input = sharp(bytes, { failOn: "error", ignoreIcc: true }).autoOrient();
    const isCmyk = (await input.metadata()).space === "cmyk";
    const colour = isCmyk
      ? input.pipelineColourspace("cmyk").toColourspace("cmyk")
      : input.removeAlpha().toColourspace("srgb");
    const { data, info } = await colour.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { width, height, channels: 3, data: isCmyk ? fromCmyk(data) : data };
  } catch (cause) {
    throw new ImageDecodeError(file, reasonOf(cause), { cause });
  }
}

async function readImageFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new ImageDecodeError(file, missing ? "no such file" : reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.includes("unsupported image format")) return "not an image of a known format";
  return message.trim().replaceAll(/\s*\n\s*/g, "; ");
}

/** `channel = (255 − K) − (255 − K) · ink / 255`, in the integer arithmetic of Pillow's `convert("RGB")`. */
function fromCmyk(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3) {
    const light = 255 - (inks[from + 3] as number);
    for (let c = 0; c < 3; c++) {
      const product = (inks[from + c] as number) * light + 128;
      rgb[to + c] = light - (((product >> 8) + product) >> 8);
    }
  }
  return rgb;
}
