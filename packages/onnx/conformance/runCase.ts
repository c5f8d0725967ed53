import { join } from "node:path";
import { isGraftError } from "@graftjs/tensor";
import { UnsupportedModelError, UnsupportedOperatorError } from "../src/errors.ts";
import { decode, proto } from "../src/proto.ts";
import { runNetworkCase } from "./networkCase.ts";
import { runNodeCase } from "./nodeCase.ts";
import { type Case, failed, type Outcome, type Result, refused } from "./outcome.ts";
import { bytesOf } from "./stored.ts";

/** Runs one case on the device of eager ops. */
export async function runCase(test: Case): Promise<Result> {
  const { graph } = decode("model", proto.ModelProto, bytesOf(join(test.path, "model.onnx")));
  const operators = [...new Set((graph?.node ?? []).map(({ opType }) => opType ?? ""))].sort();
  return { name: test.name, operators, outcome: await outcomeOf(test) };
}

async function outcomeOf(test: Case): Promise<Outcome> {
  try {
    return test.kind === "network" ? await runNetworkCase(test) : runNodeCase(test);
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return refused(error.nodes);
    if (error instanceof UnsupportedModelError) return refused([{ opType: "model", reason: error.message }]);
    if (isGraftError(error)) return failed(error.message);
    // What is no error of ours is a mistake of ours, and its place is what one needs to know.
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const [place = ""] = stack.split("\n").filter((line) => line.startsWith("    at "));
    return failed(message + place);
  }
}
