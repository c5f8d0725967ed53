export { type WasmDevice, type WasmOptions, wasm } from "./wasm.ts";
