import { type OnnxNode, readsOf } from "./graph.ts";
import { nodesFor, type Plan } from "./plan.ts";

/** What the values of a graph depend on. */
export class Dependencies {
  readonly #plan: Plan;
  readonly #nodes = new Map<string, readonly OnnxNode[]>();
  readonly #added = new Map<OnnxNode, readonly string[]>();
  /** Weights by the other names under which nodes read them. */
  readonly #aliases: ReadonlyMap<string, string>;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#aliases = new Map(
      [...plan.weights.values()].flatMap(({ name, tiedTo }) => tiedTo.map((tied) => [tied, name])),
    );
  }

  /** The nodes that a value depends on, in the order in which they run. */
  nodesBefore(target: string): readonly OnnxNode[] {
    const known = this.#nodes.get(target) ?? nodesFor(this.#plan, [target]);
    this.#nodes.set(target, known);
    return known;
  }

  /** Names of all values and weights that `target` depends on. */
  namesBefore(target: string): ReadonlySet<string> {
    const names = this.nodesBefore(target).flatMap((node) => [
      ...readsOf(node),
      ...node.outputs,
      ...this.#addedTo(node),
    ]);
    return new Set(names.flatMap((name) => [name, this.weightOf(name)]));
  }

  /** Names of the values and weights that a node is given itself. */
  namesAt(node: OnnxNode): readonly string[] {
    return [...node.inputs.map((name) => this.weightOf(name)), ...this.#addedTo(node)];
  }

  /** Gives nodes further parameters, which the file does not know. */
  add(nodes: readonly OnnxNode[], names: readonly string[]): void {
    for (const node of nodes) this.#added.set(node, [...this.#addedTo(node), ...names]);
  }

  /** The name of the weight that nodes read as `name`; that itself where it is no other name of one. */
  weightOf(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  #addedTo(node: OnnxNode): readonly string[] {
    return this.#added.get(node) ?? [];
  }
}
