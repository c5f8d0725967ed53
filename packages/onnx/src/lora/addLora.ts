import { isLoraTarget, type LoraOptions, loraSizes } from "@graftjs/nn";
import type { Shape } from "@graftjs/tensor";
import type { OnnxNode } from "../graph.ts";
import type { Plan } from "../plan.ts";
import { LoraAdapter } from "./adapter.ts";
import { LoraError } from "./error.ts";
import { type LoraSite, loraSites, readsTurned } from "./sites.ts";

/**
 * Adapters for the weights that the options mean, out of those that `nodes` multiply with.
 * @param known - those that there are already.
 * @throws {LoraError} if there is none, or one cannot be adapted.
 */
export function adaptersFor(
  plan: Plan,
  shapes: ReadonlyMap<string, Shape>,
  nodes: readonly OnnxNode[],
  known: readonly LoraAdapter[],
  options: LoraOptions,
): LoraAdapter[] {
  const { targets, generator } = options;
  const sizes = loraSizes(options);
  const running = new Set(nodes);
  const sites = loraSites(plan, shapes).filter((site) => site.nodes.some((node) => running.has(node)));
  const chosen = sites.filter((site) => {
    if (!targets) return "kind" in site && site.kind === "linear";
    return isLoraTarget(targets, site.layer) || isLoraTarget(targets, site.weight.name);
  });
  if (chosen.length === 0) {
    const names = sites.flatMap((site) => ("kind" in site ? [site.layer] : []));
    throw new LoraError(
      "addLora",
      targets
        ? `No layer that can be adapted is named ${targets instanceof RegExp ? targets : targets.join(" or ")}`
        : "The network has no linear layer with a stored weight",
      names.length > 0 ? `Choose targets out of ${names.join(", ")}.` : "There is none that can be adapted.",
    );
  }
  const refused = chosen.flatMap((site) => ("reason" in site ? [`"${site.layer}": ${site.reason}`] : []));
  if (refused.length > 0)
    throw new LoraError(
      "addLora",
      `There are layers among the targets that cannot be adapted: ${refused.join("; ")}`,
      "Choose others, and train these as they are or leave them frozen.",
    );
  const taken = new Set(known.map(({ site }) => site.weight.name));
  const twice = chosen.find(({ weight }) => taken.has(weight.name));
  if (twice) throw new LoraError("addLora", `"${twice.layer}" is adapted already`, "Choose other targets.");
  return (chosen as LoraSite[]).map((site) => new LoraAdapter(site, sizes, generator));
}

/** The plan in which the nodes of adapters add what those make. */
export function planWith(plan: Plan, adapters: readonly LoraAdapter[]): Plan {
  const runs = new Map(plan.runs);
  for (const adapter of adapters)
    for (const node of adapter.site.nodes) {
      const run = runs.get(node);
      if (run) runs.set(node, adapter.adapt(run, readsTurned(node)));
    }
  return { ...plan, runs };
}
