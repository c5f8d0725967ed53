import { isGraftError } from "@graftjs/tensor";
import { runNodeCase } from "./nodeCase.ts";
import { type Case, failed, type Outcome } from "./outcome.ts";

/** Runs one case on the device of eager ops. */
export async function runCase(test: Case): Promise<Outcome> {
  try {
    return test.kind === "network" ? await (await import("./networkCase.ts")).runNetworkCase(test) : runNodeCase(test);
  } catch (error) {
    if (isGraftError(error)) return failed(error.message);
    // What is no error of ours is a mistake of ours, and its place is what one needs to know.
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    return failed(
      [
        message,
        ...stack
          .split("\n")
          .filter((line) => line.startsWith("    at "))
          .slice(0, 1),
      ].join(""),
    );
  }
}
