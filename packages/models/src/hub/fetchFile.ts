import { openCache } from "#platform";
import { type CachedFile, type FileCache, sameVersion } from "./cache.ts";
import { type TransferOptions, transfer } from "./download.ts";
import { HubError } from "./errors.ts";
import { type HubFile, hubPlace, type LocateOptions, type Place, unreachable, urlPlace } from "./locate.ts";

/** Options of {@link fetchFile}. */
export interface FetchFileOptions extends TransferOptions, LocateOptions {
  /**
   * Where files are kept. In Node a folder, by default `GRAFT_CACHE`, else `graft` in `XDG_CACHE_HOME` or `~/.cache`; in
   * browsers the name of a Cache, by default `graft`.
   */
  readonly cacheFolder?: string;
  /** Use only what is in the cache. Default `false`. */
  readonly offline?: boolean;
}

/**
 * A file of the hub, or at an address, from the cache or downloaded into it. Files of a branch are asked for each time,
 * and downloaded anew if they have changed; if the server cannot be reached, what is in the cache is used.
 * @throws {HubError} if the file cannot be had; `reason` says why. @throws {ArgumentError} on names that are none.
 *
 * @example
 * ```ts no-run
 * import { fetchFile } from "@graftjs/models";
 *
 * const file = await fetchFile({ repo: "timm/resnet18.a1_in1k", file: "model.safetensors" });
 * ```
 */
export async function fetchFile(source: HubFile | URL | string, options: FetchFileOptions = {}): Promise<CachedFile> {
  const isAddress = typeof source === "string" || source instanceof URL;
  const place = isAddress ? await urlPlace(String(source), options) : hubPlace(source, options);
  const cache = await openCache(options.cacheFolder);
  const cached = await cache.get(place.key);
  if (cached && (place.immutable || options.offline)) return cached;
  if (options.offline)
    throw unreachable(isAddress ? String(source) : place.key, new Error("no copy, and offline is set"));
  return download(cache, place, cached, options);
}

async function download(
  cache: FileCache,
  place: Place,
  cached: CachedFile | null,
  options: FetchFileOptions,
): Promise<CachedFile> {
  try {
    const remote = await place.locate();
    if (cached && sameVersion(cached.version, remote.version)) return cached;
    return await transfer(cache, place.key, remote, options);
  } catch (error) {
    if (cached && error instanceof HubError && error.reason === "offline") return cached;
    throw error;
  }
}
