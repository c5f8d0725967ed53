import { describe, expect, test } from "vitest";
import { type Distortion, distort } from "./distort.ts";
import { GlyphClasses } from "./glyphImages.ts";
import { contours, readGlyphs } from "./outlines.ts";
import { rasterize } from "./rasterize.ts";

const square = (from: number, to: number) => Float32Array.of(from, from, to, from, to, to, from, to);
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const none: Distortion = { rotation: 0, shear: 0, scale: [1, 1], shift: 0, elastic: 0, weight: [0, 0] };
const middle = (low: number, high: number) => (low + high) / 2;

describe("rasterize", () => {
  test("covers the area of a polygon, in part at its edge", () => {
    const coverage = rasterize([square(1.5, 4)], 6);
    expect(sum(coverage)).toBeCloseTo(2.5 * 2.5, 5);
    expect(coverage[2 * 6 + 2]).toBeCloseTo(1, 5);
    expect(coverage[2 * 6 + 1]).toBeCloseTo(0.5, 5);
    expect(coverage[0]).toBe(0);
  });

  test("a contour the other way round is a hole, the same way round is not", () => {
    const hole = square(2, 4);
    const reversed = Float32Array.of(2, 2, 2, 4, 4, 4, 4, 2);
    expect(sum(rasterize([square(1, 5), reversed], 6))).toBeCloseTo(12, 5);
    expect(sum(rasterize([square(1, 5), hole], 6))).toBeCloseTo(16, 5);
  });

  test("cuts off what lies outside", () => {
    expect(sum(rasterize([square(-3, 2)], 6))).toBeCloseTo(4, 5);
  });
});

describe("contours", () => {
  test("curves and lines become short lines of the same form", () => {
    const [circle] = contours("M100 0Q100 100 0 100Q-100 100 -100 0Q-100 -100 0 -100Q100 -100 100 0Z", 5);
    const [triangle] = contours("M0 0L100 0L0 100Z", 10);
    for (let i = 0; i < circle!.length; i += 2) {
      const radius = Math.hypot(circle![i]!, circle![i + 1]!);
      expect(radius).toBeGreaterThan(99.9);
      expect(radius).toBeLessThan(107);
    }
    expect(triangle!.length / 2).toBe(10 + 15 + 10);
  });
});

describe("distort", () => {
  test("without strength it only scales and centres", () => {
    const [moved] = distort([Float32Array.of(-127, -127, 127, -127, 127, 127)], 32, none, middle);
    expect([...moved!]).toEqual([0, 0, 32, 0, 32, 32]);
  });

  test("weight moves outlines outwards, whichever way round they run", () => {
    const bold = { ...none, weight: [0.05, 0.05] } as const;
    for (const outline of [square(-50, 50), Float32Array.of(-50, -50, -50, 50, 50, 50, 50, -50)]) {
      const area = (by: Distortion) => sum(rasterize(distort([outline], 32, by, middle), 32));
      expect(area(bold)).toBeGreaterThan(1.2 * area(none));
    }
  });
});

describe("GlyphClasses", () => {
  const [script] = readGlyphs("target");
  const classes = new GlyphClasses([script!], (_, i) => i < 2);

  test("the same seed gives the same images, another seed others", () => {
    const first = classes.images({ perClass: 2, seed: 1 });
    expect(classes.images({ perClass: 2, seed: 1 })).toEqual(first);
    expect(classes.images({ perClass: 2, seed: 2 }).images).not.toEqual(first.images);
    expect([...first.labels.slice(0, 5)]).toEqual([0, 0, 1, 1, 2]);
  });

  test("each image shows dark ink on light paper, and no two are alike", () => {
    const { images, labels } = classes.images({ perClass: 4, seed: 3 });
    const distinct = new Set<string>();
    for (const i of labels.keys()) {
      const image = images.slice(i * 1024, (i + 1) * 1024);
      distinct.add(image.join());
      const [darkest, lightest] = [Math.min(...image), Math.max(...image)];
      expect(lightest - darkest).toBeGreaterThan(40);
      const ink = image.filter((value) => value < (darkest + lightest) / 2).length;
      expect(ink).toBeGreaterThan(10);
      expect(ink).toBeLessThan(512);
    }
    expect(distinct.size).toBe(labels.length);
  });
});

test("the backbone's characters and the target alphabet have none in common", () => {
  const [source, target] = (["source", "target"] as const).map(readGlyphs);
  const characters = (scripts: typeof source) => scripts!.flatMap((script) => script.characters);
  const known = characters(source);
  expect(new Set(known).size).toBe(known.length);
  expect(known.length).toBeGreaterThan(400);
  expect(characters(target).filter((letter) => known.includes(letter))).toEqual([]);
  for (const { characters: letters, faces } of [...source!, ...target!]) {
    for (const face of faces) expect(face.outlines.length).toBe(letters.length);
  }
});
