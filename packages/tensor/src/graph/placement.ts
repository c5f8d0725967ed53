import type { Storage } from "../storage.ts";
import type { Call } from "./call.ts";
import { bytesOf, type Value } from "./graph.ts";
import { aligned, allocateArena, type Block } from "./passes/allocateArena.ts";
import type { Location, PlannedCall, Preparation } from "./plan.ts";

/** What a {@link Placement} is told of values. */
export interface Homes {
  /** The value in whose memory a value lies. */
  home(value: Value): Value;
  /** The state that a home is, if it is one. */
  stateOf(home: Value): Storage | undefined;
  /** Whether a home stays as it is from run to run. */
  isKept(home: Value): boolean;
  /** The time at which a value is read for the last time. */
  lastUse(value: Value): number | undefined;
}

/** What a call works with besides its operands. */
interface Scratch {
  readonly workspace: Block;
  readonly preparation: Preparation | null;
  /** Where the call prepares its input itself; else that is kept. */
  readonly prepared: Block | null;
}

/**
 * Gives memory to values and calls: told first, in the order of time, what is made and worked with, and then, after
 * {@link allocate}, asked where that is.
 */
export class Placement {
  readonly #outside: ReadonlyMap<Value, Location>;
  readonly #homes: Homes;
  readonly #blocks = new Map<Value, Block>();
  /** Offsets of what stays from run to run: values, and what is prepared for calls. */
  readonly #kept = new Map<Value | Call, number>();
  readonly #scratch = new Map<Call, Scratch>();
  #offsets: ReadonlyMap<Block, number> = new Map();
  arenaBytes = 0;
  keptBytes = 0;
  /** Of the arena, if nothing were reused. */
  unsharedBytes = 0;

  /** @param outside the homes that lie where the caller says. */
  constructor(outside: ReadonlyMap<Value, Location>, homes: Homes) {
    this.#outside = outside;
    this.#homes = homes;
  }

  /** A value is made. */
  define(value: Value, at: number): void {
    const home = this.#homes.home(value);
    if (this.#homes.stateOf(home) || this.#outside.has(home)) return;
    if (this.#homes.isKept(home)) {
      this.#keep(home, bytesOf(home));
      return;
    }
    const last = Math.max(at, this.#homes.lastUse(value) ?? at);
    const block = this.#blocks.get(home);
    if (block) block.last = Math.max(block.last, last);
    else this.#blocks.set(home, { bytes: bytesOf(value), first: at, last });
    this.unsharedBytes += aligned(bytesOf(value));
  }

  /** The prologue prepares an input of a call. */
  keepPrepared(call: Call, { bytes }: Preparation): void {
    this.#keep(call, bytes);
  }

  #keep(what: Value | Call, bytes: number): void {
    this.#kept.set(what, this.keptBytes);
    this.keptBytes += aligned(bytes);
  }

  /** A call runs. */
  work(
    call: Call,
    at: number,
    { workspace, preparation }: { readonly workspace: number; readonly preparation: Preparation | null },
  ): void {
    const block = (bytes: number): Block => ({ bytes, first: at, last: at });
    const prepared = preparation && !this.#kept.has(call) ? block(preparation.bytes) : null;
    this.#scratch.set(call, { workspace: block(workspace), preparation, prepared });
  }

  /** Lays out the arena. */
  allocate(): void {
    const scratch = [...this.#scratch.values()].flatMap(({ workspace, prepared }) =>
      prepared ? [workspace, prepared] : [workspace],
    );
    const blocks = [...this.#blocks.values(), ...scratch.filter(({ bytes }) => bytes > 0)];
    ({ offsets: this.#offsets, bytes: this.arenaBytes } = allocateArena(blocks));
  }

  locate(value: Value): Location {
    const home = this.#homes.home(value);
    const storage = this.#homes.stateOf(home);
    if (storage) return { kind: "state", storage };
    const place = this.#outside.get(home);
    if (place) return place;
    const offset = this.#kept.get(home);
    if (offset !== undefined) return { kind: "kept", offset };
    return this.#inArena(this.#blocks.get(home) as Block);
  }

  planned(call: Call): PlannedCall {
    const { workspace, preparation, prepared } = this.#scratch.get(call) as Scratch;
    const location = prepared
      ? this.#inArena(prepared)
      : ({ kind: "kept", offset: this.#kept.get(call) ?? 0 } as const);
    return {
      call,
      inputs: call.inputs.map((v) => this.locate(v)),
      outputs: call.outputs.map((v) => this.locate(v)),
      workspace: this.#offsets.get(workspace) ?? 0,
      prepared: preparation && { ...preparation, location },
    };
  }

  #inArena(block: Block): Location {
    return { kind: "arena", offset: this.#offsets.get(block) as number };
  }
}
