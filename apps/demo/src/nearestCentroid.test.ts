import { expect, test } from "vitest";
import { nearestCentroid } from "./nearestCentroid.ts";

test("takes the class whose mean image is nearest", () => {
  const train = { images: Uint8Array.of(0, 0, 20, 20, 100, 200, 120, 220), labels: Int32Array.of(0, 0, 1, 1) };
  const test = { images: Uint8Array.of(40, 40, 110, 150, 0, 255), labels: Int32Array.of(0, 1, 1) };
  expect([...nearestCentroid(train, test, 2)]).toEqual([0, 1, 1]);
});
