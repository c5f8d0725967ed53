export { Profile, type ProfiledCall, type ProfileRow } from "./profile.ts";
export { type WasmDevice, type WasmOptions, wasm } from "./wasm.ts";
