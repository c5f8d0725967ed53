import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { images, labels } from "./syntheticDigits.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

function lenet(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  return spawnSync(process.execPath, ["--conditions=@graftjs/source", main, ...args], { encoding: "utf8" });
}

test("trains both ways from the command line", async () => {
  const data = await temporaryFolder();
  writeFileSync(join(data, "t10k-images-idx3-ubyte"), images(50));
  writeFileSync(join(data, "t10k-labels-idx1-ubyte"), labels(50));
  const { status, stdout } = lenet("--data", data, "--epochs", "1", "--report-every", "5", "--limit", "20");
  expect(status).toBe(0);
  expect(stdout).toContain("20 digits to train, 10 to test");
  const [, eager, compiled] = stdout.split(/\n\n/);
  expect(eager).toMatch(/^eager:\n\[1, {5}5\] loss: [\d.]+\nFinished Training\n/);
  expect(compiled).toMatch(
    /^compiled:\n(?:.|\n)*Accuracy of the network on the 10 test images: [\d.]+ %\nAccuracy for class 0: /,
  );
});

test.each([
  ["an unknown flag", ["--datta", "x"], "Unknown option '--datta'"],
  ["a number that is none", ["--epochs", "two"], "--epochs: expected an integer >= 1, got two."],
  ["a missing folder", ["--data", "/nowhere"], "Found no MNIST files in /nowhere"],
])("%s ends with one message and exit code 2", (_, args, message) => {
  const { status, stderr } = lenet(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});
