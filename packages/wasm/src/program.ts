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
  type PlannedCall,
  type PrologueStep,
  plan,
  Storage,
  type TypedArray,
  type Value,
  viewOf,
} from "@graftjs/tensor";
import type { Blocks } from "./blocks.ts";
import type { Buffer } from "./buffer.ts";
import { Commands } from "./commands.ts";
import type { CallOf, Emitter } from "./emit/emitter.ts";
import { emitters } from "./emit/index.ts";
import type { Engine } from "./engine.ts";
import { explain } from "./explain.ts";

type AnyCall = Plan["calls"][number]["call"];

function emitterOf(call: AnyCall): Emitter<never> {
  return emitters[call.kernel] as unknown as Emitter<never>;
}

/** Commands in the device's memory. */
interface CommandList {
  readonly address: number;
  readonly count: number;
  readonly parallel: boolean;
  /** The same, call by call. */
  readonly calls: readonly CallCommands[];
}

interface CallCommands {
  readonly kind: "call" | "prepare";
  readonly call: AnyCall;
  readonly address: number;
  readonly count: number;
}

const nothing: CommandList = { address: 0, count: 0, parallel: false, calls: [] };

/**
 * A graph as two lists of commands in the device's memory: one for what depends on constants alone, which runs where
 * these have changed, and one for each run. They are encoded again when something that they name has moved.
 */
export class Program implements Executable {
  readonly #engine: Engine;
  readonly #device: Device;
  readonly #plan: Plan;
  readonly #inputs: readonly Value[];
  readonly #outputs: readonly Value[];
  /** This program's own memory: commands, and results of the prologue. */
  readonly #blocks: Blocks;
  #prologue = nothing;
  #commands = nothing;
  #arenaVersion = -1;
  #buffers: (DeviceBuffer | null)[] = [];
  /** Versions of the constants as the prologue found them. */
  #versions: number[] | null = null;
  #inputViews: TypedArray[] = [];
  #outputViews: TypedArray[] = [];

  /** @param blocks memory of this program, freed when it is collected. */
  constructor(engine: Engine, device: Device, graph: Graph, blocks: Blocks) {
    for (const value of [
      ...graph.inputs,
      ...graph.states.map((s) => s.value),
      ...graph.nodes.flatMap((n) => n.outputs),
    ]) {
      checkDType(value);
    }
    this.#engine = engine;
    this.#device = device;
    this.#blocks = blocks;
    this.#inputs = graph.inputs;
    this.#outputs = graph.outputs;
    this.#plan = plan(graph, {
      workspaceBytes: (call) => (isEmpty(call) ? 0 : (emitterOf(call).workspaceBytes?.(call as CallOf<never>) ?? 0)),
      preparation: (call) => {
        const { prepare } = emitterOf(call);
        const bytes = isEmpty(call) ? 0 : (prepare?.bytes(call as CallOf<never>) ?? 0);
        return prepare && bytes > 0 ? { input: prepare.input, bytes } : null;
      },
    });
  }

  run(inputs: readonly Storage[]): Storage[] {
    if (this.#isStale()) this.#encode();
    if (this.#constantsChanged()) {
      this.#execute(this.#prologue);
      this.#versions = this.#plan.constants.map((s) => s.version);
    }
    for (let i = 0; i < inputs.length; i++) {
      (this.#inputViews[i] as TypedArray).set((inputs[i] as Storage).host() as never);
    }
    this.#execute(this.#commands);
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

  #constantsChanged(): boolean {
    const { constants } = this.#plan;
    if (!this.#versions) return true;
    for (let i = 0; i < constants.length; i++) {
      if ((constants[i] as Storage).version !== this.#versions[i]) return true;
    }
    return false;
  }

  #execute({ address, count, parallel, calls }: CommandList): void {
    const { profile } = this.#engine;
    if (count === 0) return;
    if (!profile) this.#engine.run(address, count, parallel);
    else for (const step of calls) profile.measure(step, () => this.#engine.run(step.address, step.count, parallel));
  }

  #encode(): void {
    const { prologue, calls, states, inputs, outputs, arenaBytes, keptBytes } = this.#plan;
    // Buffers first: they may be what makes the memory grow.
    this.#buffers = states.map((s) => s.placeOn(this.#device));
    const kept = keptBytes > 0 ? this.#blocks.place("kept", keptBytes) : 0;
    const { address: base, version } = this.#engine.arena(arenaBytes);
    const addressOf = (place: Location): number => {
      if (place.kind === "state") return (place.storage.buffer as Buffer).address;
      return (place.kind === "kept" ? kept : base) + place.offset;
    };
    const emit = (kind: "call" | "prepare", planned: PlannedCall, commands: Commands): void => {
      if (isEmpty(planned.call)) return;
      const call = planned.call as CallOf<never>;
      const { emit, prepare } = emitterOf(call);
      const at = {
        inputs: planned.inputs.map(addressOf),
        outputs: planned.outputs.map(addressOf),
        workspace: base + planned.workspace,
        prepared: planned.prepared ? addressOf(planned.prepared.location) : 0,
      };
      if (kind === "prepare" || planned.prepared?.location.kind === "arena") prepare?.emit(call, at, commands);
      if (kind === "call") emit(call, at, commands);
    };
    this.#prologue = this.#store("prologue", prologue, emit);
    const steps = calls.map((planned): PrologueStep => ({ kind: "call", planned }));
    this.#commands = this.#store("commands", steps, emit);
    const view = ({ spec: { dtype, shape } }: Value, place: Location): TypedArray =>
      viewOf(dtype, this.#engine.memory.buffer, addressOf(place), numel(shape));
    this.#inputViews = this.#inputs.map((v, i) => view(v, inputs[i] as Location));
    this.#outputViews = this.#outputs.map((v, i) => view(v, outputs[i] as Location));
    this.#arenaVersion = version;
  }

  /** Puts the commands of steps into memory, instead of what was there under this name. */
  #store(
    name: string,
    steps: readonly PrologueStep[],
    emit: (kind: PrologueStep["kind"], planned: PlannedCall, commands: Commands) => void,
  ): CommandList {
    const commands = new Commands(this.#engine.kernels, this.#engine.parallelFrom);
    const emitted = steps.map(({ kind, planned }) => {
      const [offset, before] = [4 * commands.words.length, commands.count];
      emit(kind, planned, commands);
      return { kind, call: planned.call, offset, count: commands.count - before };
    });
    const { words, count, parallel } = commands;
    if (count === 0) return nothing;
    const address = this.#blocks.place(name, 4 * words.length);
    new Uint32Array(this.#engine.memory.buffer, address, words.length).set(words);
    const calls = emitted.map(({ offset, ...step }) => ({ ...step, address: address + offset }));
    return { address, count, parallel, calls };
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
