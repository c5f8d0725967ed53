import { DeviceError } from "@graftjs/tensor";

/** Which build of the kernels runs: `relaxed` has fused multiply-add, `simd` runs wherever WebAssembly SIMD does. */
export type Build = "relaxed" | "simd";

/** f32x4.relaxed_madd on zeros: valid where relaxed SIMD is. */
const relaxedProbe = probe([...zero(), ...zero(), ...zero(), 0xfd, 0x85, 0x02]);
/** f32x4.add on zeros: valid where SIMD is. */
const simdProbe = probe([...zero(), ...zero(), 0xfd, 0xe4, 0x01]);

/** The best build that this engine can run. @throws {DeviceError} if it has no WebAssembly SIMD. */
export function chooseBuild(wanted: Build | "auto"): Build {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(simdProbe)) {
    throw new DeviceError("This engine has no WebAssembly SIMD. Node 20, or a browser from 2023 on, has.");
  }
  const relaxed = WebAssembly.validate(relaxedProbe);
  if (wanted === "relaxed" && !relaxed) {
    throw new DeviceError('This engine has no relaxed SIMD; leave out the option, or pass simd: "simd".');
  }
  return wanted === "simd" || !relaxed ? "simd" : "relaxed";
}

const modules = new Map<Build, Promise<WebAssembly.Module>>();

/** The compiled kernels; each build is loaded once. */
export function loadModule(build: Build): Promise<WebAssembly.Module> {
  let module = modules.get(build);
  if (!module) {
    // Literal paths, so that bundlers find the files.
    const url =
      build === "relaxed"
        ? new URL("../build/relaxed.wasm", import.meta.url)
        : new URL("../build/simd.wasm", import.meta.url);
    module = readBytes(url).then((bytes) => compileKernels(bytes, url));
    module.catch(() => modules.delete(build));
    modules.set(build, module);
  }
  return module;
}

/** @throws {DeviceError} if they are something else: servers answer with a page where a bundler left the file behind. */
export function compileKernels(bytes: Uint8Array<ArrayBuffer>, url: URL): Promise<WebAssembly.Module> {
  if (String(bytes.subarray(0, 4)) === "0,97,115,109") return WebAssembly.compile(bytes);
  const [expected, got] = [`WebAssembly at ${url.href}`, "something else"];
  const help =
    'The bundler moved this package without its kernels. With Vite up to 7, set optimizeDeps: { exclude: ["@graftjs/wasm"] }.';
  throw new DeviceError(`wasm: expected ${expected}, got ${got}. ${help}`, { op: "wasm", expected, got, help });
}

async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (url.protocol === "file:") {
      const { readFile } = await import("node:fs/promises");
      return new Uint8Array(await readFile(url));
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const help = "It belongs to the package; in the repository, `pnpm build` makes it.";
    throw new DeviceError(`The kernels could not be read from ${url.href}. ${help}`, { op: "wasm", help }, { cause });
  }
}

/** A module of one function without parameters that returns a vector. */
function probe(code: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...code, 0x0b];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7b],
    ...[3, 2, 1, 0],
    ...[10, body.length + 2, 1, body.length, ...body],
  );
}

/** i32.const 0, i32x4.splat. */
function zero(): number[] {
  return [0x41, 0, 0xfd, 0x11];
}
