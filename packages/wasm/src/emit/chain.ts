import { type ChainOperand, type ChainStep, type DType, numel, type Value } from "@graftjs/tensor";
import { f32 } from "../commands.ts";
import * as op from "../opcodes.ts";
import { type Addresses, type CallOf, type Emitter, nth } from "./emitter.ts";
import { collapse } from "./layout.ts";
import { casts, microOpCost, microOps } from "./microOps.ts";

/** What the registers of a block may take of the first-level cache, in bytes. */
const REGISTER_BYTES = 24 * 1024;
const MAX_BLOCK = 2048;
const MIN_BLOCK = 64;
/** Shorter rows are not worth a block of their own. */
const MIN_ROW = 256;
/** Scratch bytes before the scalars: loop counters of strided reads. */
const COUNTERS = 64;
/** Room after a register that vector stores may spill into. */
const SLACK = 64;

/** Element-wise chains: one command, a list of micro-ops over blocks that fit the first-level cache (assembly/chain.ts). */
export const chain: Emitter<"chain"> = {
  emit(call, at, commands) {
    const { cost, record } = new ChainEncoder(call, at).encode();
    commands.add("chain", cost, record);
  },
};

/** A register that has no place yet. */
interface Register {
  last: number;
  offset: number;
}

type Place =
  | { readonly kind: "register"; readonly register: Register }
  | { readonly kind: "tensor" | "bytes"; readonly index: number }
  | { readonly kind: "constant"; readonly index: number }
  | { readonly kind: "scalar"; readonly slot: number };

interface MicroOp {
  readonly code: number;
  readonly to: Place;
  readonly operands: readonly Place[];
  /** For strided reads (and scalars that depend on the row): the tensor and its shape's place among the shapes. */
  readonly gather?: { readonly tensor: number; readonly shape: number };
}

class ChainEncoder {
  readonly #call: CallOf<"chain">;
  readonly #at: Addresses;
  readonly #total: number;
  readonly #before: MicroOp[] = [];
  readonly #body: MicroOp[] = [];
  readonly #after: MicroOp[] = [];
  readonly #constants: number[] = [];
  readonly #shapes: number[][] = [];
  readonly #inputs = new Map<number, Place>();
  readonly #steps = new Map<number, Place>();
  readonly #row: number;
  /** How often each step is read, by live steps and from outside. */
  readonly #uses = new Map<number, number>();
  /** The step that the last micro-op is of. */
  #last = -1;
  #scalars = 0;

  constructor(call: CallOf<"chain">, at: Addresses) {
    this.#call = call;
    this.#at = at;
    this.#total = numel(call.attrs.shape);
    this.#row = rowLength(call) ?? this.#total;
  }

  encode(): { cost: number; record: number[] } {
    const { steps, outputs } = this.#call.attrs;
    const live = this.#liveSteps();
    const reads = [...live].flatMap((i) => (steps[i] as ChainStep).operands);
    for (const i of [...outputs, ...reads.flatMap((o) => (o.kind === "step" ? [o.index] : []))]) {
      this.#uses.set(i, (this.#uses.get(i) ?? 0) + 1);
    }
    steps.forEach((step, i) => {
      if (live.has(i)) this.#step(step, i);
    });
    this.#body.push(...this.#after);
    const { length, spare } = this.#allocate();
    const tensors = [...this.#at.inputs, ...this.#at.outputs];
    const constantsAt = 7 + tensors.length;
    let word = constantsAt + 4 * this.#constants.length;
    const shapesAt = this.#shapes.map((s) => {
      const start = word;
      word += s.length;
      return start;
    });
    const encode = (m: MicroOp): number[] => {
      const operands = m.gather
        ? [m.gather.tensor, shapesAt[m.gather.shape] as number]
        : m.operands.map((p) => operandWord(p, constantsAt));
      return [m.code, operandWord(m.to, constantsAt), operands[0] ?? 0, operands[1] ?? 0, operands[2] ?? 0];
    };
    const perElement = this.#body.reduce((sum, m) => sum + microOpCost(m.code), 0.08 * tensors.length);
    return {
      cost: this.#total * perElement,
      record: [
        ...[this.#total, length, this.#before.length, this.#body.length, word, spare, this.#row],
        ...tensors,
        ...this.#constants.flatMap((c) => [c, c, c, c]),
        ...this.#shapes.flat(),
        ...[...this.#before, ...this.#body].flatMap(encode),
      ],
    };
  }

  /** Steps that an output depends on. */
  #liveSteps(): Set<number> {
    const { steps, outputs } = this.#call.attrs;
    const live = new Set(outputs);
    for (let i = steps.length - 1; i >= 0; i--) {
      if (!live.has(i)) continue;
      for (const o of (steps[i] as ChainStep).operands) if (o.kind === "step") live.add(o.index);
    }
    return live;
  }

  #step(step: ChainStep, index: number): void {
    const { code, operands } = this.#contract(this.#decode(step, index));
    const output = this.#call.attrs.outputs.indexOf(index);
    const tensor = this.#at.inputs.length + output;
    const direct = output >= 0 && step.dtype !== "bool" && !this.#isReadLater(output, index);
    const to: Place = direct ? { kind: "tensor", index: tensor } : newRegister();
    this.#body.push({ code, to, operands });
    this.#last = index;
    this.#steps.set(index, to);
    if (output < 0 || direct) return;
    const store: MicroOp =
      step.dtype === "bool"
        ? { code: op.STORE_BOOL, to: { kind: "bytes", index: tensor }, operands: [to] }
        : { code: op.COPY, to: { kind: "tensor", index: tensor }, operands: [to] };
    // Written last, if a later step still reads an input that lies where this output goes.
    (this.#isReadLater(output, index) ? this.#after : this.#body).push(store);
  }

  #decode({ op: name, operands, operandDType, dtype }: ChainStep, index: number): { code: number; operands: Place[] } {
    const dtypes = operands.map((_, i): DType => (name === "where" && i === 0 ? "bool" : operandDType));
    const places = operands.map((o, i) => this.#operand(o, dtypes[i] as DType));
    const power = operands[1];
    if (name === "pow" && power?.kind === "constant") {
      const simple = this.#power(places[0] as Place, power.value);
      if (simple) return simple;
    }
    const table: { readonly [D in DType]?: number } = name === "cast" ? (casts[operandDType] ?? {}) : microOps[name];
    const code = table[name === "cast" ? dtype : operandDType];
    if (code === undefined) throw new Error(`Step ${index}: no micro-op for ${name} of ${operandDType}.`);
    if (name === "cast" && (code === op.F_NE || code === op.I_NE)) places.push(this.#constant(0));
    return { code, operands: places };
  }

  /** Takes a product along that was computed just before and that nothing else reads: a pass less over the block. */
  #contract(decoded: { code: number; operands: Place[] }): { code: number; operands: Place[] } {
    const { code, operands } = decoded;
    const product = this.#body.at(-1);
    if (product?.code !== op.F_MUL || this.#uses.get(this.#last) !== 1) return decoded;
    const at = operands.indexOf(product.to);
    const contracted = code === op.F_ADD ? op.F_MUL_ADD : code === op.F_SUB && at === 1 ? op.F_SUB_MUL : undefined;
    if (at < 0 || contracted === undefined) return decoded;
    this.#body.pop();
    return { code: contracted, operands: [...product.operands, operands[1 - at] as Place] };
  }

  /** Powers that are a single operation, or two. */
  #power(x: Place, exponent: number): { code: number; operands: Place[] } | undefined {
    switch (exponent) {
      case 1:
        return { code: op.COPY, operands: [x] };
      case 2:
        return { code: op.F_MUL, operands: [x, x] };
      case 3: {
        const square = newRegister();
        this.#body.push({ code: op.F_MUL, to: square, operands: [x, x] });
        return { code: op.F_MUL, operands: [square, x] };
      }
      case 0.5:
        return { code: op.F_SQRT, operands: [x] };
      case -0.5:
        return { code: op.F_RSQRT, operands: [x] };
      case -1:
        return { code: op.F_DIV, operands: [this.#constant(f32(1)), x] };
      default:
        return undefined;
    }
  }

  #operand(operand: ChainOperand, dtype: DType): Place {
    if (operand.kind === "step") return this.#steps.get(operand.index) as Place;
    if (operand.kind === "constant") {
      const { value } = operand;
      return this.#constant(dtype === "float32" ? f32(value) : dtype === "bool" ? (value ? -1 : 0) : value | 0);
    }
    let place = this.#inputs.get(operand.index);
    if (!place) {
      place = this.#read(operand.index);
      this.#inputs.set(operand.index, place);
    }
    return place;
  }

  #constant(bits: number): Place {
    let index = this.#constants.indexOf(bits);
    if (index < 0) index = this.#constants.push(bits) - 1;
    return { kind: "constant", index };
  }

  /** How an input is read; a strided one or a bool is brought into a register before its first use. */
  #read(index: number): Place {
    const { shape, inputs } = this.#call.attrs;
    const { dtype, strides } = inputs[index] as { dtype: DType; strides: readonly number[] };
    const isBool = dtype === "bool";
    const {
      sizes,
      strides: [steps = []],
    } = collapse(shape, strides);
    const tensor = { kind: isBool ? "bytes" : "tensor", index } as const;
    if (steps.every((s) => s === 0)) {
      const scalar: Place = { kind: "scalar", slot: this.#scalars++ };
      this.#before.push({ code: isBool ? op.SPLAT_BOOL : op.SPLAT, to: scalar, operands: [tensor] });
      return scalar;
    }
    const contiguous = sizes.length === 1 && steps[0] === 1;
    if (contiguous && !isBool) return tensor;
    if (contiguous) {
      const to = newRegister();
      this.#body.push({ code: op.LOAD_BOOL, to, operands: [tensor] });
      return to;
    }
    const description = [sizes.length, ...sizes.flatMap((size, i) => [size, steps[i] as number])];
    const gather = { tensor: index, shape: this.#shapes.push(description) - 1 };
    const perRow = steps.at(-1) === 0 && this.#row < this.#total;
    const to: Place = perRow ? { kind: "scalar", slot: this.#scalars++ } : newRegister();
    const [word, bool] = perRow ? [op.SPLAT_AT, op.SPLAT_BOOL_AT] : [op.GATHER, op.GATHER_BOOL];
    this.#body.push({ code: isBool ? bool : word, to, operands: [], gather });
    return to;
  }

  /** Whether a step after `index` reads an input that overlaps the memory of output `output`. */
  #isReadLater(output: number, index: number): boolean {
    const { inputs, outputs, attrs } = this.#call;
    const [start, end] = extent(outputs[output] as Value, nth(this.#at.outputs, output));
    return attrs.steps.slice(index + 1).some((step) =>
      step.operands.some((o) => {
        if (o.kind !== "input") return false;
        const [from, to] = extent(inputs[o.index] as Value, nth(this.#at.inputs, o.index));
        return from < end && start < to;
      }),
    );
  }

  /** Gives registers their places in scratch, reusing those whose value nobody reads any more. */
  #allocate(): { length: number; spare: number } {
    this.#body.forEach(({ to, operands }, i) => {
      for (const place of [to, ...operands]) if (place.kind === "register") place.register.last = i;
    });
    const slots: Register[][] = [];
    const free: number[] = [];
    const slotOf = new Map<Register, number>();
    this.#body.forEach(({ to, operands }, i) => {
      const dying = new Set(
        operands.flatMap((p) => (p.kind === "register" && p.register.last === i ? [p.register] : [])),
      );
      for (const register of dying) free.push(slotOf.get(register) as number);
      if (to.kind !== "register" || slotOf.has(to.register)) return;
      const slot = free.pop() ?? slots.push([]) - 1;
      slots[slot]?.push(to.register);
      slotOf.set(to.register, slot);
    });
    const count = slots.length + 1;
    const fitting = Math.floor(REGISTER_BYTES / 4 / count / 16) * 16;
    const needed = Math.ceil(this.#row / 16) * 16;
    const length = Math.min(needed, MAX_BLOCK, Math.max(MIN_BLOCK, fitting));
    const spare = COUNTERS + 16 * this.#scalars;
    const pitch = 4 * length + SLACK;
    slots.forEach((registers, slot) => {
      for (const register of registers) register.offset = spare + pitch * (slot + 1);
    });
    return { length, spare };
  }
}

/** The length of rows along which all inputs that are constant along the innermost axis are constant; none if they are short. */
function rowLength({ attrs: { shape, inputs } }: CallOf<"chain">): number | undefined {
  const runs = inputs.flatMap(({ strides }) => {
    const layout = collapse(shape, strides);
    const steps = layout.strides[0] ?? [];
    return steps.at(-1) === 0 && steps.some((s) => s !== 0) ? [layout.sizes.at(-1) as number] : [];
  });
  const row = Math.min(...runs);
  return row >= MIN_ROW && row < Number.POSITIVE_INFINITY && runs.every((r) => r % row === 0) ? row : undefined;
}

function newRegister(): Extract<Place, { kind: "register" }> {
  return { kind: "register", register: { last: -1, offset: 0 } };
}

function operandWord(place: Place, constantsAt: number): number {
  const word = (kind: number, value: number): number => kind * 2 ** op.KIND_SHIFT + value;
  switch (place.kind) {
    case "register":
      return word(op.REGISTER, place.register.offset);
    case "tensor":
      return word(op.TENSOR, place.index);
    case "bytes":
      return word(op.BYTES, place.index);
    case "constant":
      return word(op.CONSTANT, constantsAt + 4 * place.index);
    case "scalar":
      return word(op.SCALAR, COUNTERS + 16 * place.slot);
  }
}

function extent({ spec }: Value, address: number): [start: number, end: number] {
  return [address, address + numel(spec.shape) * (spec.dtype === "bool" ? 1 : 4)];
}
