import { type Call, type CallAttrs, numel, type Value } from "@graftjs/tensor";
import type { Commands } from "../commands.ts";

/** Where the operands of a call lie: byte addresses in the device's memory. */
export interface Addresses {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Scratch memory of the size that the emitter asked for. */
  readonly workspace: number;
  /** Memory for the prepared form of an input, if the emitter asked for it. */
  readonly prepared: number;
}

export type CallOf<K extends keyof CallAttrs> = Extract<Call, { readonly kernel: K }>;

/** Turns calls of one kernel into commands. */
export interface Emitter<K extends keyof CallAttrs> {
  /** Bytes of scratch memory that the call needs while it runs. Default: none. */
  workspaceBytes?(call: CallOf<K>): number;
  /**
   * A form of one input, such as a packed weight, that the call works on instead of it. It is made before each call, or
   * once where the input is constant; so `emit` must not read that input, and must leave the prepared form as it is.
   */
  readonly prepare?: {
    readonly input: number;
    /** Whether this is only done where the input is constant. Where it is not, `at.prepared` is 0 and `emit` reads the input. */
    readonly onlyConstant?: boolean;
    /** Size of the prepared form; 0 if this call takes the input as it is. */
    bytes(call: CallOf<K>): number;
    /** Makes it, at `at.prepared`, of that input alone. */
    emit(call: CallOf<K>, at: Addresses, commands: Commands): void;
  };
  emit(call: CallOf<K>, at: Addresses, commands: Commands): void;
}

/** Address `i` of a list that has it. */
export function nth(list: readonly number[], i: number): number {
  return list[i] as number;
}

export function shapeOf(values: readonly Value[], i: number): readonly number[] {
  return (values[i] as Value).spec.shape;
}

export function sizeOf(values: readonly Value[], i: number): number {
  return numel(shapeOf(values, i));
}

/** A shape seen from one of its axes: sizes before it, of it, and after it. */
export function around(shape: readonly number[], axis: number): { outer: number; length: number; inner: number } {
  return {
    outer: numel(shape.slice(0, axis)),
    length: shape[axis] as number,
    inner: numel(shape.slice(axis + 1)),
  };
}
