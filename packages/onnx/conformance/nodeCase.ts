import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Parameter } from "@graftjs/nn";
import { add, Generator, type GraftError, isGraftError, mul, noGrad, sum } from "@graftjs/tensor";
import { constantOf, isFloat, toTensor, type Value } from "../src/constant.ts";
import { UnsupportedOperatorError } from "../src/errors.ts";
import { readModel } from "../src/model.ts";
import { drawingOperators } from "../src/operators/draws.ts";
import { bakedBatch, constantsOf, nodesFor, type Plan, planOf, runNodes } from "../src/plan.ts";
import { decode, proto } from "../src/proto.ts";
import { type GraphValue, nothing, sequence } from "../src/sequence.ts";
import { isComputable, type TensorData } from "../src/tensorData.ts";
import { difference, farthest } from "./compare.ts";
import { type Case, failed, type Outcome, passed, refused } from "./outcome.ts";
import { bytesOf, readStored, readTensor, type Stored, type ValueKind } from "./stored.ts";

/** Runs a case of the ONNX backend tests, forward on all its data sets, or for its gradients, which belong to the first. */
export function runNodeCase(test: Case): Outcome {
  const sets = readdirSync(test.path).filter((name) => name.startsWith("test_data_set_"));
  const outcomes = sets
    .sort()
    .slice(0, test.gradients ? 1 : undefined)
    .map((name) => runDataSet(test, join(test.path, name)));
  return outcomes.find(({ status }) => status !== "passed") ?? passed;
}

function runDataSet(test: Case, data: string): Outcome {
  const bytes = bytesOf(join(test.path, "model.onnx"));
  const plan = planOf(readModel(bytes));
  const { inputs, outputs } = declared(bytes);
  const given = inputs.flatMap(({ name, kind }, i) => {
    const file = join(data, `input_${i}.pb`);
    return existsSync(file) ? [{ name, stored: readStored(file, kind) }] : [];
  });
  const expected = outputs.map(({ name, kind }, i) => {
    const file = join(data, `output_${i}.pb`);
    return { name, stored: existsSync(file) ? readStored(file, kind) : null };
  });
  const unread = unreadable([...given, ...expected]);
  if (unread) {
    const opType = plan.nodes[0]?.opType ?? "model";
    return refused(plan.unsupported.length > 0 ? plan.unsupported : [{ opType, reason: `elements of type ${unread}` }]);
  }
  return test.gradients ? compareGradients(plan, given, outputs, test) : compareOutputs(plan, given, expected, test);
}

interface Given {
  readonly name: string;
  readonly stored: Stored;
}

/** Inputs and outputs of the graph as the file lists them, initializers among them. */
function declared(bytes: Uint8Array): Record<"inputs" | "outputs", { name: string; kind: ValueKind }[]> {
  const { graph } = decode("model", proto.ModelProto, bytes);
  const kindOf = ({ type }: ValueInfoProto): ValueKind =>
    type?.tensorType ? "tensor" : type?.sequenceType ? "sequence" : "optional";
  const list = (infos: readonly ValueInfoProto[] = []) =>
    infos.map((info) => ({ name: info.name ?? "", kind: kindOf(info) }));
  return { inputs: list(graph?.input ?? []), outputs: list(graph?.output ?? []) };
}

interface ValueInfoProto {
  readonly name?: string | null;
  readonly type?: { readonly tensorType?: object | null; readonly sequenceType?: object | null } | null;
}

/** An element type among the values that has no numbers, if there is one. */
function unreadable(values: readonly Given[]): string | undefined {
  const types = values.flatMap(({ stored }) => tensorsIn(stored)).map(({ dtype }) => dtype);
  return types.find((dtype) => !isComputable(dtype));
}

function tensorsIn(stored: Stored): TensorData[] {
  if (stored === null) return [];
  return "dtype" in stored ? [stored] : stored.flatMap(tensorsIn);
}

function compareOutputs(
  plan: Plan,
  given: readonly Given[],
  expected: readonly Given[],
  { tolerance, deterministic }: Case,
): Outcome {
  const results = noGrad(() =>
    run(
      plan,
      given,
      expected.map(({ name }) => name),
      new Set(),
    ),
  );
  // Of random numbers only shape and type can be compared.
  const drawn = plan.nodes.some(({ opType }) => drawingOperators.has(opType));
  for (const { name, stored } of expected) {
    const got = results.get(name);
    if (!got) return failed(`output "${name}" was not computed`);
    const problem = difference(got, stored, deterministic && !drawn ? tolerance : undefined);
    if (problem) return failed(`output "${name}": ${problem}`);
  }
  return passed;
}

/** With the loss L = Σ over outputs of ⟨seed, output⟩, compares ∂L/∂input. */
function compareGradients(
  plan: Plan,
  given: readonly Given[],
  outputs: readonly { name: string }[],
  { gradients, tolerance }: Case,
): Outcome {
  const folder = gradients as string;
  const wanted = given.flatMap(({ name }, i) => {
    const gradient = readTensor(folder, `grad_${i}`);
    return gradient ? [{ name, gradient, mask: readTensor(folder, `mask_${i}`) }] : [];
  });
  const seeds = outputs.flatMap(({ name }, k) => {
    const seed = readTensor(folder, `seed_${k}`);
    return seed ? [{ name, seed }] : [];
  });
  const names = new Set(wanted.map(({ name }) => name));
  const results = run(
    plan,
    given,
    seeds.map(({ name }) => name),
    names,
  );
  const terms = seeds.map(({ name, seed }) =>
    sum(mul(toTensor(results.get(name) as Value), toTensor(constantOf(seed)))),
  );
  terms.reduce((total, term) => add(total, term)).backward();
  for (const { name, gradient, mask } of wanted) {
    const { grad } = results.get(name) as Parameter;
    const compared = mask && constantOf(mask).data;
    const of = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, i) => compared === undefined || compared[i]);
    const expected = of(constantOf(gradient).data);
    const scale = expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
    // An input that the outputs do not depend on has no gradient, which stands for zeros.
    const got = grad ? of(grad.toArray()) : expected.map(() => 0);
    const problem = farthest(got, expected, { rtol: tolerance.rtol, atol: tolerance.atol * scale });
    if (problem) return failed(`gradient of "${name}": ${grad ? problem : `there is none; ${problem}`}`);
  }
  return passed;
}

/**
 * Runs a graph. What reaches it is data, as far as an operator does not have to know it beforehand; then integers and bools
 * are given as constants, as shape arithmetic gives them, and in the end floats too, unless they are differentiated.
 */
function run(
  plan: Plan,
  given: readonly Given[],
  outputs: readonly string[],
  differentiated: ReadonlySet<string>,
): ReadonlyMap<string, GraphValue> {
  const problems: GraftError[] = [];
  for (const constant of ["none", "integers", "all"] as const) {
    try {
      const values = feed(plan, given, differentiated, constant);
      runNodes(plan, nodesFor(plan, outputs), values, {
        training: () => false,
        bySpecification: true,
        bakedBatch: bakedBatch(plan.model),
        generator: new Generator(0),
        buffer: () => undefined,
      });
      return values;
    } catch (error) {
      if (!isGraftError(error)) throw error;
      problems.push(error);
    }
  }
  throw problems.find((problem) => problem instanceof UnsupportedOperatorError) ?? problems[0];
}

function feed(
  plan: Plan,
  given: readonly Given[],
  differentiated: ReadonlySet<string>,
  constant: "none" | "integers" | "all",
): Map<string, GraphValue> {
  const values = new Map<string, GraphValue>(constantsOf(plan));
  for (const [name, { role, tensor }] of plan.weights) {
    if (role === "parameter" || role === "buffer") values.set(name, toTensor(constantOf(tensor)));
  }
  const huge = given.flatMap(({ stored }) => tensorsIn(stored)).some(isHuge);
  const put = (stored: Stored): GraphValue => {
    if (stored === null) return nothing;
    if (!("dtype" in stored)) return sequence(stored.map(put));
    const value = constantOf(stored);
    const known = constant === "all" || (constant === "integers" && !isFloat(value.dtype));
    return known || (huge && value.dtype === "float64") ? value : toTensor(value);
  };
  for (const { name, stored } of given) {
    const value = put(stored);
    values.set(name, differentiated.has(name) ? new Parameter(toTensor(value as Value)) : value);
  }
  return values;
}

/** Whether there are doubles beyond the range of tensors; arithmetic on constants is in double precision. */
function isHuge(stored: TensorData): boolean {
  const beyond = (x: number): boolean => Number.isFinite(x) && !Number.isFinite(Math.fround(x));
  return stored.dtype === "float64" && Array.from(constantOf(stored).data).some(beyond);
}
