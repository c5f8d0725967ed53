import { expect, test } from "vitest";

test("the page is cross-origin isolated, so that threads can share memory", () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
  expect(new SharedArrayBuffer(8).byteLength).toBe(8);
});
