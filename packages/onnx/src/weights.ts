import { isFloat } from "./constant.ts";
import type { OnnxModel } from "./model.ts";
import type { InputRole } from "./operator.ts";
import { operatorsByType } from "./operators/index.ts";
import type { TensorData } from "./tensorData.ts";

/**
 * What an initializer is to training:
 * - `parameter`: a float tensor that gradients reach
 * - `buffer`: running statistics
 * - `constant`: a float that the operator needs as a number, or a single one in arithmetic (a scale, a bound)
 * - `index`: integers and bools: shapes, axes, indices
 * - `unused`: no node reads it
 */
export type InitializerRole = "parameter" | "buffer" | "constant" | "index" | "unused";

/** What each initializer of a model is to training. */
export function initializerRoles(model: OnnxModel): Map<string, InitializerRole> {
  const uses = new Map<string, Set<InputRole>>();
  const use = (name: string, role: InputRole): void => {
    uses.set(name, (uses.get(name) ?? new Set()).add(role));
  };
  for (const node of model.graph.nodes) {
    const operator = node.domain === "" ? operatorsByType.get(node.opType) : undefined;
    node.inputs.forEach((name, i) => {
      use(name, operator?.roles[i] ?? "data");
    });
    for (const { type, value } of node.attributes.values())
      if (type === "graph") for (const name of value.reads) use(name, "constant");
  }
  const roles = new Map<string, InitializerRole>();
  for (const tensor of model.graph.initializers.values()) roles.set(tensor.name, roleOf(tensor, uses.get(tensor.name)));
  return roles;
}

function roleOf({ dtype, size }: TensorData, uses: ReadonlySet<InputRole> | undefined): InitializerRole {
  if (!uses) return "unused";
  if (!isFloat(dtype)) return "index";
  if (uses.has("constant")) return "constant";
  if (uses.has("buffer")) return "buffer";
  return uses.has("parameter") || size > 1 ? "parameter" : "constant";
}
