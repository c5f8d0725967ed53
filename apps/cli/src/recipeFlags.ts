import type { Recipe } from "@graftjs/recipes";
import { Option } from "commander";
import { z } from "zod";
import { UsageError } from "./errors.ts";

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly flag?: string;
}

function properties(recipe: Recipe): Record<string, Property> {
  return z.toJSONSchema(recipe.schema, { io: "input" }).properties as Record<string, Property>;
}

/** `batchSize` to `batch-size`; a schema may name its flag itself. */
function flagOf(key: string, property: Property): string {
  return property.flag ?? key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

/** The command-line options of all recipes, derived from their schemas. */
export function recipeFlags(recipes: readonly Recipe[]): Option[] {
  const options = new Map<string, Option>();
  for (const recipe of recipes) {
    for (const [key, property] of Object.entries(properties(recipe))) {
      const flag = flagOf(key, property);
      if (options.has(flag)) continue;
      const values = property.enum ? property.enum.join("|") : property.type === "integer" ? "N" : "X";
      const only = recipes.every((r) => key in properties(r)) ? "" : ` (${recipe.name})`;
      const preset = property.default === undefined ? "" : ` [${defaults(recipes, key)}]`;
      const text = `${property.description ?? ""}${only}`;
      options.set(
        flag,
        property.type === "boolean"
          ? new Option(`--${flag}`, text)
          : new Option(`--${flag} <${values}>`, `${text}${preset}`),
      );
    }
  }
  return [...options.values()];
}

function defaults(recipes: readonly Recipe[], key: string): string {
  const byRecipe = recipes.flatMap((r) => {
    const value = properties(r)[key]?.default;
    return value === undefined ? [] : [{ name: r.name, value }];
  });
  const values = new Set(byRecipe.map((d) => d.value));
  return values.size === 1 ? `${byRecipe[0]?.value}` : byRecipe.map((d) => `${d.value} in ${d.name}`).join(", ");
}

/**
 * The options of one recipe out of the parsed command line.
 * @throws {UsageError} naming the flag, what it takes and what it was given.
 */
export function recipeOptions(
  recipe: Recipe,
  given: Readonly<Record<string, unknown>>,
  all: readonly Recipe[],
): object {
  const own = properties(recipe);
  const raw: Record<string, unknown> = {};
  for (const other of all) {
    for (const [key, property] of Object.entries(properties(other))) {
      const flag = flagOf(key, property);
      const value = given[flag.replace(/-([a-z])/g, (_, c: string) => c.toUpperCase())];
      if (value === undefined) continue;
      if (!(key in own)) throw new UsageError(`--${flag} does not belong to the recipe ${recipe.name}.`);
      raw[key] = own[key]?.enum || typeof value === "boolean" ? value : toNumber(flag, String(value));
    }
  }
  const result = recipe.schema.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = String(issue?.path[0]);
  throw new UsageError(`--${flagOf(key, own[key] ?? {})} ${String(raw[key])}: ${issue?.message}.`);
}

function toNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new UsageError(`--${flag} takes a number, got "${text}".`);
  return value;
}
