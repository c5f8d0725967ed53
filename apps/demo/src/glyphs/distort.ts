import type { Contour } from "./outlines.ts";

/** A number drawn uniformly from [low, high). */
export type Draw = (low: number, high: number) => number;

/** How strong the random distortion is. */
export interface Distortion {
  /** Radians, either way. */
  rotation: number;
  /** Sideways lean and change of proportion, either way. */
  shear: number;
  /** Relative size: from, to. */
  scale: readonly [number, number];
  /** Part of the image's side, either way. */
  shift: number;
  /** Elastic displacement, in parts of the image's side. */
  elastic: number;
  /** Strokes grow by this part of the image's side: from, to. */
  weight: readonly [number, number];
}

/**
 * Outlines (coordinates from -127 to 127) bent at random and laid on an image of `size` pixels: strokes made thicker or
 * thinner, then an affine map, then an elastic field, a sum of three slow waves in random directions.
 */
export function distort(outline: readonly Contour[], size: number, by: Distortion, draw: Draw): Contour[] {
  const grow = draw(...by.weight) * 254;
  const angle = draw(-by.rotation, by.rotation);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const scale = (draw(...by.scale) * size) / 254;
  const [stretch, lean] = [draw(-by.shear, by.shear), draw(-by.shear, by.shear)];
  const [xx, xy] = [scale * (cos * (1 + stretch) - sin * lean), -scale * sin];
  const [yx, yy] = [scale * (sin * (1 + stretch) + cos * lean), scale * cos];
  const [dx, dy] = [size / 2 + size * draw(-by.shift, by.shift), size / 2 + size * draw(-by.shift, by.shift)];
  const waves = Array.from({ length: 3 }, () => {
    const [direction, cycles, phase] = [draw(0, 2 * Math.PI), draw(0.5, 1.5), draw(0, 2 * Math.PI)];
    const [amplitude, heading] = [size * draw(0, by.elastic), draw(0, 2 * Math.PI)];
    const frequency = (2 * Math.PI * cycles) / size;
    return {
      fx: frequency * Math.cos(direction),
      fy: frequency * Math.sin(direction),
      phase,
      ax: amplitude * Math.cos(heading),
      ay: amplitude * Math.sin(heading),
    };
  });
  return embolden(outline, grow).map((points) => {
    const moved = new Float32Array(points.length);
    for (let i = 0; i < points.length; i += 2) {
      const x = xx * points[i]! + xy * points[i + 1]! + dx;
      const y = yx * points[i]! + yy * points[i + 1]! + dy;
      moved[i] = x;
      moved[i + 1] = y;
      for (const { fx, fy, phase, ax, ay } of waves) {
        const wave = Math.sin(fx * x + fy * y + phase);
        moved[i]! += ax * wave;
        moved[i + 1]! += ay * wave;
      }
    }
    return moved;
  });
}

/** Every point moved outwards by `distance`. */
function embolden(outline: readonly Contour[], distance: number): Contour[] {
  // Fonts differ in which way round their contours run; the sum of areas tells.
  const outwards = Math.sign(outline.reduce((sum, points) => sum + area(points), 0)) * distance;
  return outline.map((points) => {
    const n = points.length;
    return points.map((value, i) => {
      const k = i - (i % 2);
      const tx = points[(k + 2) % n]! - points[(k - 2 + n) % n]!;
      const ty = points[(k + 3) % n]! - points[(k - 1 + n) % n]!;
      const normal = i % 2 === 0 ? ty : -tx;
      return value + (outwards * normal) / (Math.hypot(tx, ty) || 1);
    });
  });
}

function area(points: Contour): number {
  const n = points.length;
  let twice = 0;
  for (let i = 0; i < n; i += 2) twice += points[i]! * points[(i + 3) % n]! - points[(i + 2) % n]! * points[i + 1]!;
  return twice / 2;
}
