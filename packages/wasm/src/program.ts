import {
  bytesPerElement,
  type Device,
  type DeviceBuffer,
  DeviceError,
  type Executable,
  formatShape,
  type Graph,
  type Location,
  numel,
  type Plan,
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
import type { Resident } from "./nursery.ts";
import { findOperands, type Operand } from "./operand.ts";

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

/** Commands that have no place yet. */
interface Emitted {
  readonly commands: Commands;
  readonly calls: readonly (Omit<CallCommands, "address"> & { readonly offset: number })[];
}

const nothing: CommandList = { address: 0, count: 0, parallel: false, calls: [] };

/** Inputs up to this size that lie in JavaScript-owned memory are brought over at each run, and outputs back. */
const SMALL_BYTES = 1024;

/** Where to find an output after a run. */
interface Result {
  readonly value: Value;
  readonly bytes: number;
  /** Its elements, if they always lie in one place. */
  readonly view: TypedArray | null;
  /** If not, what they lie at: itself, an input, or another output. */
  readonly operand: Operand | null;
  readonly isOwn: boolean;
}

/**
 * A graph as two lists of commands in the device's memory: one for what depends on constants alone, which runs where
 * these have changed, and one for each run. They are encoded again when something that they name has moved; only inputs
 * and outputs lie elsewhere at each run, and their addresses alone are changed in the commands.
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
  #operands: readonly Operand[] = [];
  #kept = 0;
  /** Room for inputs that are small. */
  #small: readonly (TypedArray | null)[] = [];
  #results: readonly Result[] = [];
  readonly #residents: (Resident | null)[] = [];
  /** Copies of inputs that this run made. */
  readonly #copies: Resident[] = [];
  readonly #assigned: ReadonlySet<Storage>;

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
      outside: true,
      workspaceBytes: (call) => (isEmpty(call) ? 0 : (emitterOf(call).workspaceBytes?.(call as CallOf<never>) ?? 0)),
      preparation: (call) => {
        const { prepare } = emitterOf(call);
        const bytes = isEmpty(call) ? 0 : (prepare?.bytes(call as CallOf<never>) ?? 0);
        return prepare && bytes > 0 ? { input: prepare.input, bytes } : null;
      },
    });
    this.#assigned = new Set(this.#plan.assigned);
  }

  run(inputs: readonly Storage[]): Storage[] {
    if (this.#isStale()) this.#encode();
    if (this.#constantsChanged()) {
      this.#execute(this.#prologue);
      this.#versions = this.#plan.constants.map((s) => s.version);
    }
    const { nursery } = this.#engine;
    nursery.beginRun();
    const outputs = this.#results;
    for (let i = 0; i < inputs.length; i++) {
      (this.#operands[i] as Operand).place(this.#addressOfInput(inputs[i] as Storage, i));
    }
    // In a list that outlives the run: most runs are eager ops, and short.
    const residents = this.#residents;
    for (let i = 0; i < outputs.length; i++) {
      const { bytes, view, operand, isOwn } = outputs[i] as Result;
      const resident = isOwn && !view ? nursery.allocate(bytes) : null;
      residents[i] = resident;
      if (resident) operand?.place(resident.address);
    }
    this.#execute(this.#commands);
    for (const storage of this.#plan.assigned) storage.touched();
    const results = outputs.map((result, i) => this.#storageOf(result, residents[i] ?? null));
    if (this.#copies.length > 0) for (const copy of this.#copies.splice(0)) nursery.remove(copy);
    return results;
  }

  /** Where an input lies, if need be after it was brought to the device. */
  #addressOfInput(storage: Storage, i: number): number {
    const { buffer } = storage;
    const { nursery } = this.#engine;
    // A state that the run changes is read as it was before.
    if (buffer?.device === this.#device && !this.#assigned.has(storage)) return (buffer as Buffer).address;
    const small = this.#small[i];
    const address = nursery.find(storage);
    if (address !== null) return address;
    if (small) {
      small.set(storage.host() as never);
      return small.byteOffset;
    }
    if (!buffer) return nursery.bring(storage);
    const copy = nursery.allocate(bytesOf(this.#inputs[i] as Value));
    this.#copies.push(copy);
    this.#viewOf(this.#inputs[i] as Value, copy.address).set(storage.host() as never);
    return copy.address;
  }

  /** A result: at home where the run has put it, or a copy if that is no place to stay. */
  #storageOf({ value, view, operand }: Result, resident: Resident | null): Storage {
    const { dtype, shape } = value.spec;
    if (!resident) {
      return new Storage(dtype, (view ?? this.#viewOf(value, (operand as Operand).address)).slice());
    }
    const storage = new Storage(dtype, null, numel(shape));
    this.#engine.nursery.settle(resident, storage);
    return storage;
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
    const { prologue, calls, states, arenaBytes, keptBytes } = this.#plan;
    // Buffers first: they may be what makes the memory grow.
    this.#buffers = states.map((s) => s.placeOn(this.#device));
    this.#kept = keptBytes > 0 ? this.#blocks.place("kept", keptBytes) : 0;
    const { address: base, version } = this.#engine.arena(arenaBytes);
    this.#prologue = this.#store("prologue", this.#emit(prologue, base, []));
    const steps = calls.map((planned): PrologueStep => ({ kind: "call", planned }));
    const values = [...this.#inputs, ...this.#outputs];
    let emitted: Emitted | undefined;
    this.#operands = findOperands(
      values.map(bytesOf),
      (places) => {
        const again = this.#emit(steps, base, places);
        emitted ??= again;
        return again.commands.words;
      },
      (words) => {
        this.#commands = this.#store("commands", emitted as Emitted);
        return new Uint32Array(this.#engine.memory.buffer, this.#commands.address, words.length);
      },
    );
    const small = (value: Value, name: string): TypedArray | null => {
      const bytes = bytesOf(value);
      return bytes > SMALL_BYTES ? null : this.#viewOf(value, this.#blocks.place(name, bytes));
    };
    this.#small = this.#inputs.map((value, i) => small(value, `input ${i}`));
    this.#results = this.#outputs.map((value, i): Result => {
      const place = this.#plan.outputs[i] as Location;
      const result = { value, bytes: bytesOf(value), operand: null, isOwn: false };
      if (place.kind === "state") return { ...result, view: (place.storage.buffer as Buffer).view() };
      if (place.kind === "kept") return { ...result, view: this.#viewOf(value, this.#kept + place.offset) };
      const { index } = place as Extract<Location, { readonly index: number }>;
      const operand = this.#operands[place.kind === "input" ? index : this.#inputs.length + index] as Operand;
      const isOwn = place.kind === "output" && index === i;
      const view = isOwn ? small(value, `output ${i}`) : null;
      if (view) operand.place(view.byteOffset);
      return { ...result, operand, isOwn, view };
    });
    this.#arenaVersion = version;
  }

  /** The commands of steps, with the arena at `base` and graph inputs, then outputs, at `places`. */
  #emit(steps: readonly PrologueStep[], base: number, places: readonly number[]): Emitted {
    const addressOf = (place: Location): number => {
      if (place.kind === "state") return (place.storage.buffer as Buffer).address;
      if (place.kind === "input") return places[place.index] as number;
      if (place.kind === "output") return places[this.#inputs.length + place.index] as number;
      return (place.kind === "kept" ? this.#kept : base) + place.offset;
    };
    const commands = new Commands(this.#engine.kernels, this.#engine.parallelFrom);
    const calls = steps.map(({ kind, planned }) => {
      const [offset, before] = [4 * commands.words.length, commands.count];
      if (!isEmpty(planned.call)) {
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
      }
      return { kind, call: planned.call, offset, count: commands.count - before };
    });
    return { commands, calls };
  }

  /** Puts commands into memory, instead of what was there under this name. */
  #store(name: string, { commands, calls }: Emitted): CommandList {
    const { words, count, parallel } = commands;
    if (count === 0) return nothing;
    const address = this.#blocks.place(name, 4 * words.length);
    new Uint32Array(this.#engine.memory.buffer, address, words.length).set(words);
    return { address, count, parallel, calls: calls.map(({ offset, ...c }) => ({ ...c, address: address + offset })) };
  }

  #viewOf({ spec: { dtype, shape } }: Value, address: number): TypedArray {
    return viewOf(dtype, this.#engine.memory.buffer, address, numel(shape));
  }
}

function bytesOf({ spec: { dtype, shape } }: Value): number {
  return numel(shape) * bytesPerElement(dtype);
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
