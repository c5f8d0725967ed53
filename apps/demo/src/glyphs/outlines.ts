import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A script's characters, drawn in several faces. */
export interface GlyphScript {
  name: string;
  characters: string[];
  /** `outlines[c]`: SVG path data of character c; integers from -127 to 127, y down, centred on the origin. */
  faces: { name: string; outlines: string[] }[];
}

/** What the backbone learns (`source`), and the alphabet it never sees (`target`). */
export function readGlyphs(set: "source" | "target"): GlyphScript[] {
  const bytes = readFileSync(new URL(`../../glyphs/${set}.json.gz`, import.meta.url));
  return JSON.parse(gunzipSync(bytes).toString()) as GlyphScript[];
}

/** A closed polygon: x0, y0, x1, y1, … */
export type Contour = Float32Array;

/**
 * SVG path data (absolute M, L, Q, C and Z) as polygons. Curves become lines, and long lines several, of about `length`,
 * so that a distortion of the points bends them.
 */
export function contours(path: string, length = 12): Contour[] {
  const result: Contour[] = [];
  let points: number[] = [];
  const lineTo = (controls: number[]) => {
    const curve = [...points.slice(-2), ...controls];
    let span = 0;
    for (let i = 2; i < curve.length; i += 2)
      span += Math.hypot(curve[i]! - curve[i - 2]!, curve[i + 1]! - curve[i - 1]!);
    const steps = Math.ceil(span / length);
    for (let i = 1; i <= steps; i++) points.push(...bezier(curve, i / steps));
  };
  for (const [, command, list = ""] of path.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    if (command === "M") {
      points = list.split(" ").map(Number);
    } else if (command === "Z") {
      lineTo(points.slice(0, 2));
      result.push(Float32Array.from(points.slice(2)));
    } else {
      lineTo(list.split(" ").map(Number));
    }
  }
  return result;
}

/** The point at t of a Bézier curve with the given control points, by de Casteljau's algorithm. */
function bezier(curve: number[], t: number): number[] {
  let points = curve;
  while (points.length > 2) points = points.slice(2).map((v, i) => points[i]! * (1 - t) + v * t);
  return points;
}
