import {
  type Device,
  type DeviceBuffer,
  DeviceError,
  type Executable,
  formatShape,
  type Graph,
  type Location,
  numel,
  type Plan,
  plan,
  Storage,
  type TypedArray,
  type Value,
  viewOf,
} from "@graftjs/tensor";
import type { Buffer } from "./buffer.ts";
import { Commands } from "./commands.ts";
import type { CallOf, Emitter } from "./emit/emitter.ts";
import { emitters } from "./emit/index.ts";
import type { Engine } from "./engine.ts";
import { explain } from "./explain.ts";

/** A piece of memory that a program owns. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

type AnyCall = Plan["calls"][number]["call"];

function emitterOf(call: AnyCall): Emitter<never> {
  return emitters[call.kernel] as unknown as Emitter<never>;
}

/** A graph as a list of commands in the device's memory. It is encoded again when something that it names has moved. */
export class Program implements Executable {
  readonly #engine: Engine;
  readonly #device: Device;
  readonly #plan: Plan;
  readonly #inputs: readonly Value[];
  readonly #outputs: readonly Value[];
  /** The commands' own memory; its address is freed with this program. */
  #block: Block = { address: 0, bytes: 0 };
  readonly #replaceBlock: (words: Uint32Array) => Block;
  #count = 0;
  #parallel = false;
  #arenaVersion = -1;
  #buffers: (DeviceBuffer | null)[] = [];
  #inputViews: TypedArray[] = [];
  #outputViews: TypedArray[] = [];

  /** @param replaceBlock puts the commands into memory, instead of those of before. */
  constructor(engine: Engine, device: Device, graph: Graph, replaceBlock: (words: Uint32Array) => Block) {
    for (const value of [
      ...graph.inputs,
      ...graph.states.map((s) => s.value),
      ...graph.nodes.flatMap((n) => n.outputs),
    ]) {
      checkDType(value);
    }
    this.#engine = engine;
    this.#device = device;
    this.#replaceBlock = replaceBlock;
    this.#inputs = graph.inputs;
    this.#outputs = graph.outputs;
    this.#plan = plan(graph, {
      workspaceBytes: (call) => (isEmpty(call) ? 0 : (emitterOf(call).workspaceBytes?.(call as CallOf<never>) ?? 0)),
    });
  }

  run(inputs: readonly Storage[]): Storage[] {
    if (this.#isStale()) this.#encode();
    for (let i = 0; i < inputs.length; i++) {
      (this.#inputViews[i] as TypedArray).set((inputs[i] as Storage).host() as never);
    }
    this.#engine.run(this.#block.address, this.#count, this.#parallel);
    for (const storage of this.#plan.assigned) storage.touched();
    return this.#outputViews.map((view, i) => new Storage((this.#outputs[i] as Value).spec.dtype, view.slice()));
  }

  explain(): string {
    return explain(this.#plan, this.#device.name);
  }

  #isStale(): boolean {
    if (this.#engine.arena(this.#plan.arenaBytes).version !== this.#arenaVersion) return true;
    const { states } = this.#plan;
    for (let i = 0; i < states.length; i++) if ((states[i] as Storage).buffer !== this.#buffers[i]) return true;
    return false;
  }

  #encode(): void {
    const { calls, states, inputs, outputs, arenaBytes } = this.#plan;
    // Buffers first: they may be what makes the memory grow.
    this.#buffers = states.map((s) => s.placeOn(this.#device));
    const { address: base, version } = this.#engine.arena(arenaBytes);
    const addressOf = (place: Location): number =>
      place.kind === "arena" ? base + place.offset : (place.storage.buffer as Buffer).address;
    const commands = new Commands(this.#engine.kernels, this.#engine.parallelFrom);
    for (const { call, inputs, outputs, workspace } of calls) {
      if (isEmpty(call)) continue;
      const at = { inputs: inputs.map(addressOf), outputs: outputs.map(addressOf), workspace: base + workspace };
      emitterOf(call).emit(call as CallOf<never>, at, commands);
    }
    this.#block = this.#replaceBlock(Uint32Array.from(commands.words));
    this.#count = commands.count;
    this.#parallel = commands.parallel;
    const view = ({ spec: { dtype, shape } }: Value, place: Location): TypedArray =>
      viewOf(dtype, this.#engine.memory.buffer, addressOf(place), numel(shape));
    this.#inputViews = this.#inputs.map((v, i) => view(v, inputs[i] as Location));
    this.#outputViews = this.#outputs.map((v, i) => view(v, outputs[i] as Location));
    this.#arenaVersion = version;
  }
}

/** Whether a call has nothing to do. */
function isEmpty(call: AnyCall): boolean {
  return call.outputs.every((v) => numel(v.spec.shape) === 0);
}

function checkDType({ spec: { dtype, shape } }: Value): void {
  if (dtype !== "float64") return;
  const expected = "float32, int32 or bool tensors";
  const got = `float64 ${formatShape(shape)}`;
  const help = 'Convert with cast(x, "float32"), or use the reference device.';
  throw new DeviceError(`The WASM device takes ${expected}, got ${got}. ${help}`, { op: "wasm", expected, got, help });
}
