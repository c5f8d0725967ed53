import type { Attribute } from "./attribute.ts";
import { InvalidModelError, UnsupportedModelError } from "./errors.ts";
import { functionKey, type ModelFunction } from "./function.ts";
import { deepest, type Graph, graphsOf, nodeName, type OnnxNode, type ValueInfo, withNested } from "./graph.ts";
import type { OnnxModel } from "./model.ts";

/** As many nodes may come out of a file's functions. */
const mostNodes = 100_000;

/** Names of a function's nodes and values are kept up to this length, behind that of the call. */
const longestName = 200;

/**
 * The main graph's nodes with calls of the file's functions replaced by the functions' nodes, also in nested graphs. What is named inside
 * of a function is named `call/name` outside; its nodes have the index of the call.
 * @throws {InvalidModelError} if a function calls itself
 * @throws {UnsupportedModelError} if calls are nested absurdly deep, or nodes become absurdly many
 */
export function expandFunctions(model: OnnxModel): readonly OnnxNode[] {
  return model.functions.size === 0 ? model.graph.nodes : new Expansion(model).expand(model.graph.nodes, []);
}

/** The names of a function's values, or of those of a graph in it, outside. */
class Scope {
  readonly #names = new Map<string, string>();
  readonly #outer: Scope | undefined;
  readonly #fresh: (name: string) => string;

  constructor(fresh: (name: string) => string, outer?: Scope) {
    this.#fresh = fresh;
    this.#outer = outer;
  }

  find(name: string): string | undefined {
    return this.#names.get(name) ?? this.#outer?.find(name);
  }

  set(name: string, outside: string): void {
    this.#names.set(name, outside);
  }

  define(name: string): string {
    const outside = this.#fresh(name.length <= longestName ? name : `#${this.#names.size}`);
    this.#names.set(name, outside);
    return outside;
  }

  rename(name: string): string {
    return name === "" ? "" : (this.find(name) ?? this.define(name));
  }

  /** That of a graph inside. */
  nested(): Scope {
    return new Scope(this.#fresh, this);
  }
}

class Expansion {
  readonly #functions: ReadonlyMap<string, ModelFunction>;
  /** Names that are taken, each with how often it was asked for. */
  readonly #taken = new Map<string, number>();
  readonly #opset: number;
  #left = mostNodes;

  constructor({ functions, graph, opset }: OnnxModel) {
    this.#functions = functions;
    this.#opset = opset;
    for (const name of graph.initializers.keys()) this.#taken.set(name, 1);
    for (const { name } of graph.inputs) this.#taken.set(name, 1);
    for (const { outputs } of withNested(graph.nodes)) for (const name of outputs) this.#taken.set(name, 1);
  }

  /** @param around - the functions and graphs that the nodes lie in. */
  expand(nodes: readonly OnnxNode[], around: readonly string[]): readonly OnnxNode[] {
    if (around.length > deepest)
      throw new UnsupportedModelError(`its functions are nested deeper than ${deepest}`, "Export the model again.");
    return nodes.flatMap((node): readonly OnnxNode[] => {
      const key = functionKey(node);
      const called = this.#functions.get(key);
      if (!called) {
        return [withGraphs(node, (graph) => ({ ...graph, nodes: this.expand(graph.nodes, [...around, "graph"]) }))];
      }
      if (around.includes(key)) throw new InvalidModelError(`function ${key}`, "it calls itself");
      return this.expand(this.#inline(called, node), [...around, key]);
    });
  }

  /** A function's nodes with the names and attributes of a call. */
  #inline(called: ModelFunction, call: OnnxNode): OnnxNode[] {
    const prefix = nodeName(call).slice(0, longestName);
    const scope = new Scope((name) => this.#fresh(`${prefix}/${name}`));
    called.inputs.forEach((name, i) => {
      scope.set(name, call.inputs[i] ?? "");
    });
    const passed: OnnxNode[] = [];
    called.outputs.forEach((name, i) => {
      const output = call.outputs[i] ?? "";
      if (output === "") return;
      const known = scope.find(name);
      if (known === undefined) scope.set(name, output);
      else passed.push(this.#identity(call, known, output));
    });
    const copy = (node: OnnxNode, names: Scope): OnnxNode => {
      if (this.#left-- === 0)
        throw new UnsupportedModelError(`its functions make more than ${mostNodes} nodes`, "Export the model again.");
      const attributes = [...node.attributes].flatMap(([key, attribute]): [string, Attribute][] => {
        if (attribute.type !== "reference")
          return [[key, mapGraphs(attribute, (graph) => copyGraph(graph, names.nested(), copy))]];
        const given = call.attributes.get(attribute.value) ?? called.defaults.get(attribute.value);
        return given ? [[key, given]] : [];
      });
      return {
        ...node,
        index: call.index,
        name: `${prefix}/${nodeName(node).slice(0, longestName)}`,
        inputs: node.inputs.map((name) => names.rename(name)),
        outputs: node.outputs.map((name) => (names === scope ? names.rename(name) : name && names.define(name))),
        attributes: new Map(attributes),
      };
    };
    return [...called.nodes.map((node) => copy(node, scope)), ...passed];
  }

  /** Stands for an output of a call that is an input of it too, or another output. */
  #identity({ index, name }: OnnxNode, from: string, to: string): OnnxNode {
    const standard = { opType: "Identity", domain: "", overload: "", opset: this.#opset };
    return { index, name, ...standard, inputs: [from], outputs: [to], attributes: new Map() };
  }

  #fresh(name: string): string {
    let fresh = name;
    for (let n = this.#taken.get(name) ?? 0; this.#taken.has(fresh); n++) {
      this.#taken.set(name, n + 1);
      fresh = `${name}#${n + 1}`;
    }
    this.#taken.set(fresh, 1);
    return fresh;
  }
}

/** A graph inside of a function, with names of outside. */
function copyGraph(graph: Graph, names: Scope, copy: (node: OnnxNode, names: Scope) => OnnxNode): Graph {
  const defined = ({ name, ...info }: ValueInfo): ValueInfo => ({ ...info, name: names.define(name) });
  const initializers = new Map([...graph.initializers].map(([name, data]) => [names.define(name), data]));
  const inputs = graph.inputs.map(defined);
  const nodes = graph.nodes.map((node) => copy(node, names));
  const outputs = graph.outputs.map((info) => ({ ...info, name: names.rename(info.name) }));
  return { ...graph, nodes, initializers, inputs, outputs, valueInfos: new Map() };
}

/** A node with `change` made to the graphs in its attributes. */
function withGraphs(node: OnnxNode, change: (graph: Graph) => Graph): OnnxNode {
  if (graphsOf(node).length === 0) return node;
  const attributes = [...node.attributes].map(([key, attribute]) => [key, mapGraphs(attribute, change)] as const);
  return { ...node, attributes: new Map(attributes) };
}

function mapGraphs(attribute: Attribute, change: (graph: Graph) => Graph): Attribute {
  if (attribute.type === "graph") return { type: "graph", value: change(attribute.value) };
  return attribute.type === "graphs" ? { type: "graphs", value: attribute.value.map(change) } : attribute;
}
