import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { MnistError } from "./errors.ts";

/** Where the files are published; the first that answers is taken. */
export const mirrors: readonly string[] = [
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
];

/** The four files, with their SHA-256 sums. */
export const checksums: Readonly<Record<string, string>> = {
  "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
  "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
  "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
  "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
};

/** Where downloads are kept. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "graft", "mnist");
}

export interface FetchOptions {
  /** Where downloads are kept. */
  readonly folder?: string;
  readonly get?: typeof fetch;
  /** SHA-256 sums by file. */
  readonly sums?: Readonly<Record<string, string>>;
}

/**
 * One of the MNIST files: from the cache if it is there and undamaged, else from the first mirror that has it.
 * @throws {MnistError} if no mirror can be reached, or what comes has another checksum.
 */
export async function fetchMnist(name: string, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { folder = cacheFolder(), get = fetch, sums = checksums } = options;
  const path = join(folder, name);
  const cached = await readFile(path).catch(() => undefined);
  if (cached && sha256(cached) === sums[name]) return cached;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      const response = await get(mirror + name);
      if (!response.ok) throw new Error(`status ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (sha256(bytes) !== sums[name]) throw new Error("another checksum than the published one");
      await writeWhole(folder, path, bytes);
      return bytes;
    } catch (cause) {
      failures.push(`${mirror}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new MnistError(
    `Could not download ${name} (${failures.join("; ")}). Give a folder that holds the MNIST files with --data, or go online.`,
    { op: "download", expected: name, got: failures.join("; ") },
  );
}

async function writeWhole(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
