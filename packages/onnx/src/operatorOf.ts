import type { OnnxNode } from "./graph.ts";
import type { Operator } from "./operator.ts";
import { operatorsByType } from "./operators/index.ts";
import { mlDomain } from "./operators/ml/domain.ts";
import { mlOperators } from "./operators/ml/index.ts";

const mlOperatorsByType: ReadonlyMap<string, Operator> = new Map(
  mlOperators.map((operator) => [operator.opType, operator]),
);

/** The operator that a node is of, if it is imported. */
export function operatorOf({ opType, domain }: Pick<OnnxNode, "opType" | "domain">): Operator | undefined {
  if (domain === mlDomain) return mlOperatorsByType.get(opType);
  return domain === "" ? operatorsByType.get(opType) : undefined;
}
