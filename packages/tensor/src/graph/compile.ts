import type { Device, Executable } from "../device/contract.ts";
import { referenceDevice } from "../device/reference.ts";
import { TraceError } from "../errors.ts";
import { runtime, withRuntime } from "../runtime.ts";
import { isTensor, Tensor } from "../tensor.ts";
import type { TensorSpec } from "./graph.ts";
import { type Guard, Tracer } from "./tracer.ts";

/** What a compiled function may return. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a result is as good as any.
export type Output = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor } | void;

/** Options of {@link compile}. */
export interface CompileOptions {
  /** Where the program runs. Default: the device of eager ops. */
  readonly device?: Device;
}

/** A function that runs as one static program. */
export interface CompiledFunction<In extends readonly Tensor[], Out extends Output> {
  (...inputs: In): Out;
  /** What one run does, as a table: of the program compiled last. */
  explain(): string;
}

interface Entry {
  readonly guards: readonly Guard[];
  readonly executable: Executable;
  readonly outputs: readonly TensorSpec[];
  readonly rebuild: (outputs: Tensor[]) => Output;
}

/**
 * Turns `fn` into a static program: it is called once per combination of input shapes, with stand-ins, and every op it
 * applies is recorded, gradients and optimiser updates included. Later calls run the program, without calling `fn`.
 *
 * Tensors from outside (parameters, buffers, optimiser state) are read at each run, stay on the device, and take what
 * is assigned to them. Whatever else `fn` reads is fixed at the first call, except for what modules guard (training or
 * evaluation mode, frozen or not): where that changes, `fn` is traced again. Results do not require gradients, and
 * `grad` of parameters is internal to the program.
 *
 * @throws {TraceError} if `fn` reads values (`item`, `toArray`) of what it computes, or returns something else than tensors.
 *
 * @example
 * ```ts
 * import { compile, gradients, matmul, mean, mul, square, sub, tensor, type Tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([[1], [2]], undefined, { requiresGrad: true });
 * const step = compile((x: Tensor, y: Tensor) => {
 *   const loss = mean(square(sub(matmul(x, weight), y)));
 *   const [gradient] = gradients(loss, [weight]);
 *   weight.assign(sub(weight, mul(gradient as Tensor, 0.1)));
 *   return loss;
 * });
 * const [x, y] = [tensor([[1, 0], [0, 1]]), tensor([[3], [3]])];
 * console.log(step(x, y).item(), step(x, y).item(), weight.toNested()); // 2.5 2.025 [[1.38], [2.19]]
 * ```
 */
export function compile<In extends readonly Tensor[], Out extends Output>(
  fn: (...inputs: In) => Out,
  options: CompileOptions = {},
): CompiledFunction<In, Out> {
  const caches = new WeakMap<Device, Map<string, Entry[]>>();
  let last: Entry | undefined;

  const call = (...inputs: In): Out => {
    const current = runtime();
    // Inside of another trace, the function is simply part of it.
    if (current.tracer) return fn(...inputs);
    const device = options.device ?? current.device ?? referenceDevice;
    const cache = caches.get(device) ?? new Map<string, Entry[]>();
    caches.set(device, cache);
    let key = String(current.gradEnabled);
    for (const t of inputs) key += `|${t.dtype}${t.shape}`;
    const entries = cache.get(key) ?? [];
    let entry = entries.find((e) => e.guards.every((g) => g.read() === g.value));
    if (!entry) {
      entry = trace(fn as unknown as (...inputs: Tensor[]) => Output, inputs, device);
      cache.set(key, [entry, ...entries]);
    }
    last = entry;
    const storages = entry.executable.run(inputs.map((t) => t.storage));
    const outputs = entry.outputs.map(
      (spec, i) => new Tensor(spec.shape, spec.dtype, storages[i] as Tensor["storage"]),
    );
    return entry.rebuild(outputs) as Out;
  };
  const explain = (): string => {
    if (!last) throw new TraceError("explain: the function has not been called yet, so there is no program to show.");
    return last.executable.explain();
  };
  return Object.assign(call, { explain });
}

function trace(fn: (...inputs: Tensor[]) => Output, inputs: readonly Tensor[], device: Device): Entry {
  const tracer = new Tracer(inputs);
  try {
    const result = withRuntime({ tracer }, () => fn(...tracer.arguments()));
    const { tensors, rebuild } = structure(result);
    const graph = withRuntime({ tracer }, () => tracer.finish(tensors));
    return {
      guards: tracer.guards,
      executable: device.compile(graph),
      outputs: graph.outputs.map((v) => v.spec),
      rebuild,
    };
  } finally {
    tracer.restoreLeaves();
  }
}

function structure(result: Output): { tensors: readonly Tensor[]; rebuild: (outputs: Tensor[]) => Output } {
  if (result === undefined) return { tensors: [], rebuild: () => undefined };
  if (isTensor(result)) return { tensors: [result], rebuild: (outputs) => outputs[0] as Tensor };
  const isArray = Array.isArray(result);
  const entries = Object.entries(result as { [name: string]: Tensor });
  if (!entries.every(([, t]) => isTensor(t))) {
    throw new TraceError("A compiled function returns a tensor, or an array or record of tensors.");
  }
  return {
    tensors: entries.map(([, t]) => t),
    rebuild: (outputs) =>
      isArray ? outputs : Object.fromEntries(entries.map(([name], i) => [name, outputs[i] as Tensor])),
  };
}
