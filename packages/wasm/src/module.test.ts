import { DeviceError } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { compileKernels } from "./module.ts";

test("a page in the place of the kernels says what to do", () => {
  const page = new TextEncoder().encode("<!doctype html>");
  const compiled = () => compileKernels(page, new URL("http://localhost/build/relaxed.wasm"));
  expect(compiled).toThrow(DeviceError);
  expect(compiled).toThrow(/expected WebAssembly at http:.*optimizeDeps: { exclude: \["@graftjs\/wasm"\] }/);
});

test("kernels are compiled", async () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(await compileKernels(empty, new URL("file:///empty.wasm"))).toBeInstanceOf(WebAssembly.Module);
});
