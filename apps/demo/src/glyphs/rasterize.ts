import type { Contour } from "./outlines.ts";

/** Scan lines a pixel; across the line, coverage is exact. */
const linesPerPixel = 4;

/**
 * The part of each pixel, from 0 to 1, that lies inside of the polygons by the non-zero winding rule.
 * @param contours in pixels, the origin at the upper left; what lies outside of the square is cut off.
 * @returns [size, size], row by row.
 */
export function rasterize(contours: readonly Contour[], size: number): Float32Array {
  const coverage = new Float32Array(size * size);
  crossings(contours, size).forEach((line, i) => {
    line.sort((a, b) => a.x - b.x);
    const row = Math.floor(i / linesPerPixel) * size;
    let winding = 0;
    line.forEach(({ x, direction }, k) => {
      winding += direction;
      if (winding !== 0) cover(coverage, row, x, line[k + 1]?.x ?? x, size);
    });
  });
  return coverage;
}

/** Where the polygons cross the middle of each scan line, and in which direction. */
function crossings(contours: readonly Contour[], size: number): { x: number; direction: number }[][] {
  const lines = Array.from({ length: size * linesPerPixel }, (): { x: number; direction: number }[] => []);
  for (const points of contours) {
    for (let i = 0; i < points.length; i += 2) {
      const [x0, y0] = [points[i]!, points[i + 1]! * linesPerPixel - 0.5];
      const next = (i + 2) % points.length;
      const [x1, y1] = [points[next]!, points[next + 1]! * linesPerPixel - 0.5];
      const direction = y0 < y1 ? 1 : -1;
      const last = Math.min(Math.ceil(Math.max(y0, y1)), lines.length);
      for (let line = Math.max(Math.ceil(Math.min(y0, y1)), 0); line < last; line++) {
        lines[line]!.push({ x: x0 + ((x1 - x0) * (line - y0)) / (y1 - y0), direction });
      }
    }
  }
  return lines;
}

/** Adds the span from x0 to x1 of one scan line. */
function cover(coverage: Float32Array, row: number, x0: number, x1: number, size: number): void {
  const [left, right] = [Math.max(x0, 0), Math.min(x1, size)];
  for (let x = Math.floor(left); x < right; x++) {
    coverage[row + x]! += (Math.min(x + 1, right) - Math.max(x, left)) / linesPerPixel;
  }
}
