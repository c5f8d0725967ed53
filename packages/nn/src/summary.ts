import {
  bytesPerElement,
  compile,
  type Device,
  DeviceError,
  formatShape,
  isTensor,
  type Node,
  noGrad,
  runtime,
  type Shape,
  type Tensor,
  type TensorSpec,
  zeros,
} from "@graftjs/tensor";
import { macsOf } from "./macs.ts";
import type { AnyModule, Module } from "./module.ts";

/** A module of a {@link Summary}. Counts include what is below it. */
export interface SummaryRow {
  /** As `namedModules` has it; `""` for the whole. */
  readonly path: string;
  /** The last part of the path, and the name of the class. */
  readonly name: string;
  readonly type: string;
  /** How many modules it is inside of. */
  readonly depth: number;
  /** How often it was applied. */
  readonly calls: number;
  /** Shapes of the tensors that it put out the last time. */
  readonly outputShapes: readonly Shape[];
  /** Numbers in parameters. */
  readonly parameters: number;
  /** Of these, those that are trained. */
  readonly trainable: number;
  /** Multiply-adds of convolutions and matrix products, over all calls. */
  readonly macs: number;
}

/** Sums over all modules of a {@link summary}. */
export interface SummaryTotals {
  readonly parameters: number;
  readonly trainable: number;
  readonly frozen: number;
  /** Numbers in buffers. */
  readonly buffers: number;
  /** Memory of parameters and buffers. */
  readonly bytes: number;
  readonly macs: number;
}

/** What a model consists of; as text a table. */
export interface Summary {
  readonly inputShapes: readonly Shape[];
  readonly rows: readonly SummaryRow[];
  readonly totals: SummaryTotals;
  toString(): string;
}

/** A row while it is being found. */
interface Entry {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  calls: number;
  outputShapes: readonly Shape[];
  macs: number;
}

/**
 * What a model consists of: its modules with output shapes, parameters, multiply-adds, and whether they are trained. The
 * model is traced once in evaluation mode, without computing anything; parameters, buffers and modes are left as they are.
 * Multiply-adds are counted of the ops that it applies (convolutions and matrix products), whatever the layers are.
 * @param input the shape of its float32 input, or shape and dtype of each of them (a tensor has both).
 * @throws what `forward` throws for inputs of these shapes.
 *
 * @example
 * ```ts
 * import { Conv2d, Flatten, Linear, Sequential, summary } from "@graftjs/nn";
 *
 * const net = new Sequential(new Conv2d(1, 4, 3), new Flatten(), new Linear(4 * 26 * 26, 10));
 * net.get(0).freeze();
 * const { totals, rows } = summary(net, [1, 1, 28, 28]);
 * console.log(totals.parameters, totals.frozen, rows[1]?.outputShapes); // 27090 40 [[1, 4, 26, 26]]
 * ```
 */
export function summary(
  model: Module<readonly never[], unknown>,
  input: Shape | readonly (Shape | TensorSpec)[],
): Summary {
  const specs = specsOf(input);
  const entries = entriesOf(model);
  const total = trace(model, specs, entries);
  const rows = [...entries].map(([module, entry]) => ({
    ...entry,
    type: module.constructor.name,
    parameters: count(module.parameters()),
    trainable: count(module.parameters().filter((p) => p.requiresGrad)),
  }));
  const { parameters, trainable } = rows[0] as SummaryRow;
  const state = [...model.parameters(), ...model.buffers()];
  const totals: SummaryTotals = {
    parameters,
    trainable,
    frozen: parameters - trainable,
    buffers: count(model.buffers()),
    bytes: state.reduce((sum, t) => sum + t.size * bytesPerElement(t.dtype), 0),
    macs: total,
  };
  const inputShapes = specs.map(({ shape }) => shape);
  return { inputShapes, rows, totals, toString: () => table(rows, totals, inputShapes) };
}

function specsOf(input: Shape | readonly (Shape | TensorSpec)[]): TensorSpec[] {
  const isShape = (x: unknown): x is Shape => Array.isArray(x) && x.every((d) => typeof d === "number");
  const list = isShape(input) ? [input] : (input as readonly (Shape | TensorSpec)[]);
  return list.map((one) => (isShape(one) ? { shape: one, dtype: "float32" } : { shape: one.shape, dtype: one.dtype }));
}

/** All modules, each once, parents before what is below them. */
function entriesOf(model: AnyModule): Map<AnyModule, Entry> {
  const entries = new Map<AnyModule, Entry>();
  const visit = (module: AnyModule, path: string, name: string, depth: number): void => {
    if (entries.has(module)) return;
    entries.set(module, { path, name, depth, calls: 0, outputShapes: [], macs: 0 });
    for (const [key, child] of module.children()) visit(child, path === "" ? key : `${path}.${key}`, key, depth + 1);
  };
  visit(model, "", "", 0);
  return entries;
}

/** Fills in what the entries' modules do, and returns the multiply-adds of all. */
function trace(model: AnyModule, specs: readonly TensorSpec[], entries: ReadonlyMap<AnyModule, Entry>): number {
  // How many ops had been recorded when each of the modules that are being applied began.
  const began: [entry: Entry, at: number][] = [];
  const nodes = (): readonly Node[] => runtime().tracer?.nodes ?? [];
  const removers = [...entries].flatMap(([module, entry]) => [
    module.registerForwardPreHook(() => void began.push([entry, nodes().length])),
    module.registerForwardHook((_, __, output) => {
      const [, at] = began.pop() as [Entry, number];
      entry.calls += 1;
      entry.outputShapes = shapesIn(output);
      // A module that applies itself counts once.
      if (!began.some(([other]) => other === entry)) entry.macs += macsOfAll(nodes().slice(at));
    }),
  ]);
  let total = 0;
  const run = (...inputs: Tensor[]): void => {
    noGrad(() => (model as unknown as Module<readonly Tensor[], unknown>).forward(...inputs));
    total = macsOfAll(nodes());
  };
  try {
    const inputs = specs.map(({ shape, dtype }) => zeros(shape, { dtype }));
    model.whileEvaluating(() => compile(run, { device: nowhere })(...inputs));
  } finally {
    for (const remove of removers) remove();
  }
  return total;
}

function macsOfAll(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + macsOf(node), 0);
}

/** Takes programs without running them. */
const nowhere: Device = {
  name: "nowhere",
  compile: () => ({ run: () => [], explain: () => "" }),
  allocate: () => {
    throw new DeviceError("A summary holds no memory.");
  },
};

function shapesIn(output: unknown): Shape[] {
  if (isTensor(output)) return [output.shape];
  if (typeof output !== "object" || output === null) return [];
  return Object.values(output).flatMap(shapesIn);
}

function count(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, t) => sum + t.size, 0);
}

const grouped = (n: number): string => n.toLocaleString("en-US");

/** Whether all, some or none of the parameters are trained, in a word. */
function shareTrained({ parameters, trainable }: SummaryRow): string {
  if (parameters === 0) return "";
  if (trainable === parameters) return "trained";
  return trainable === 0 ? "frozen" : "partly";
}

function table(rows: readonly SummaryRow[], totals: SummaryTotals, inputShapes: readonly Shape[]): string {
  const cells = rows.map((row) => [
    `${"  ".repeat(row.depth)}${row.name === "" ? "" : `${row.name}: `}${row.type}${row.calls > 1 ? ` × ${row.calls}` : ""}`,
    row.calls === 0 ? "not applied" : row.outputShapes.map(formatShape).join(" "),
    row.parameters === 0 ? "" : grouped(row.parameters),
    row.macs === 0 ? "" : grouped(row.macs),
    shareTrained(row),
  ]);
  const head = ["Module", "Output", "Parameters", "MACs", ""];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => (line[i] as string).length)));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, i) => (i === 2 || i === 3 ? part.padStart(widths[i] as number) : part.padEnd(widths[i] as number)))
      .join("  ")
      .trimEnd();
  const { parameters, trainable, frozen, buffers, bytes, macs } = totals;
  return [
    line(head),
    widths
      .map((width) => "-".repeat(width))
      .join("  ")
      .trimEnd(),
    ...cells.map(line),
    "",
    `Parameters: ${grouped(parameters)} (${grouped(trainable)} trained, ${grouped(frozen)} frozen); buffers: ${grouped(buffers)}; memory: ${grouped(bytes)} bytes`,
    `Multiply-adds: ${grouped(macs)} for input ${inputShapes.map(formatShape).join(" ")}`,
  ].join("\n");
}
