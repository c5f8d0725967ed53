/**
 * Extracts the outlines of the demo's glyphs from free fonts (maintainers run it once; its output is committed):
 *
 *     node apps/demo/scripts/extract-glyphs.ts
 *
 * The fonts come from npm, versions pinned in ../fonts/package.json. Writes ../glyphs/source.json.gz (what the backbone
 * learns), ../glyphs/target.json.gz (the alphabet it never sees) and ../glyphs/LICENSE.md.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { GlyphScript } from "../src/glyphs/outlines.ts";

interface ScriptSpec {
  name: string;
  /** The font files' subset. */
  subset: string;
  characters: string;
  /** Font and weight. */
  faces: string[];
}

const range = (first: number, last: number, step = 1): string => {
  let characters = "";
  for (let code = first; code <= last; code += step) characters += String.fromCodePoint(code);
  return characters;
};

const ethiopicRows = [
  ...[0x1200, 0x1208, 0x1210, 0x1218, 0x1220, 0x1228, 0x1230, 0x1238, 0x1240, 0x1260, 0x1268, 0x1270, 0x1278, 0x1280],
  ...[0x1290, 0x1298, 0x12a0, 0x12a8, 0x12b8, 0x12c8, 0x12d0, 0x12d8, 0x12e0, 0x12e8, 0x12f0, 0x1300, 0x1308, 0x1320],
  ...[0x1328, 0x1330, 0x1338, 0x1340, 0x1348, 0x1350],
];

// Letters that look alike in several scripts, or in both cases, are listed once.
const european = [
  "noto-sans 400",
  "noto-sans 800",
  "noto-serif 400",
  "comfortaa 500",
  "eb-garamond 500",
  "noto-sans-mono 400",
];
const source: ScriptSpec[] = [
  {
    name: "Latin",
    subset: "latin",
    characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghkmnqrt2345679&",
    faces: [...european, "caveat 500"],
  },
  { name: "Greek", subset: "greek", characters: "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθλμξπσςφχψω", faces: european },
  {
    name: "Cyrillic",
    subset: "cyrillic",
    characters: "БДЖЗИЛПЦЧШЩЪЫЬЭЮЯЄЉЊЂЋбвф",
    faces: [...european, "caveat 500"],
  },
  {
    name: "Armenian",
    subset: "armenian",
    characters: range(0x531, 0x556) + range(0x561, 0x586),
    faces: ["noto-sans-armenian 300", "noto-sans-armenian 700", "noto-serif-armenian 400", "noto-serif-armenian 800"],
  },
  {
    name: "Georgian",
    subset: "georgian",
    characters: range(0x10a0, 0x10c5) + range(0x10d0, 0x10f0),
    faces: ["noto-sans-georgian 300", "noto-sans-georgian 700", "noto-serif-georgian 400", "noto-serif-georgian 800"],
  },
  {
    name: "Ethiopic",
    subset: "ethiopic",
    // The first and the fourth form of every consonant.
    characters: [0, 3].map((form) => ethiopicRows.map((row) => String.fromCodePoint(row + form)).join("")).join(""),
    faces: ["noto-sans-ethiopic 300", "noto-sans-ethiopic 700"],
  },
  {
    name: "Cherokee",
    subset: "cherokee",
    characters: range(0x13a0, 0x13f4),
    faces: ["noto-sans-cherokee 300", "noto-sans-cherokee 700"],
  },
  {
    name: "Thai",
    subset: "thai",
    characters: range(0xe01, 0xe2e),
    faces: ["noto-sans-thai 300", "noto-sans-thai 700", "noto-serif-thai 500", "mali 400"],
  },
  {
    name: "Devanagari",
    subset: "devanagari",
    characters:
      range(0x905, 0x90b) + range(0x915, 0x928) + range(0x92a, 0x930) + range(0x932, 0x933) + range(0x935, 0x939),
    faces: ["noto-sans-devanagari 300", "noto-sans-devanagari 700", "noto-serif-devanagari 500", "kalam 400"],
  },
];
const target: ScriptSpec[] = [
  {
    name: "Hebrew",
    subset: "hebrew",
    characters: range(0x5d0, 0x5ea),
    faces: [
      "noto-sans-hebrew 400",
      "noto-serif-hebrew 500",
      "frank-ruhl-libre 400",
      "heebo 700",
      // From here on: held out.
      "david-libre 400",
      "rubik 500",
      "secular-one 400",
      "suez-one 400",
      "amatic-sc 700",
      "bellefair 400",
      "miriam-libre 700",
      "varela-round 400",
    ],
  },
];

const root = new URL("../", import.meta.url);
const fonts = new URL("fonts/", root);
execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], {
  cwd: fonts,
  stdio: "inherit",
});

/** What is used of fontkit (MIT). */
interface FontKit {
  openSync(file: string): { glyphForCodePoint(code: number): { id: number; path: { commands: Command[] } } };
}
type Command = { command: keyof typeof letterOf; args: number[] };
const letterOf = { moveTo: "M", lineTo: "L", quadraticCurveTo: "Q", bezierCurveTo: "C", closePath: "Z" } as const;
const installed = createRequire(new URL("package.json", fonts));
const { openSync } = installed("fontkit") as FontKit;

/** Half the side of the square that an outline is stored in. */
const extent = 127;

function extract({ name, subset, characters, faces }: ScriptSpec): GlyphScript {
  const letters = [...characters];
  return {
    name,
    characters: letters,
    faces: faces.map((face) => {
      const [family, weight] = face.split(" ") as [string, string];
      const font = openSync(
        installed.resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff2`),
      );
      const outlines = letters.map((letter) => {
        const glyph = font.glyphForCodePoint(letter.codePointAt(0) as number);
        if (glyph.id === 0) throw new Error(`${face} lacks ${letter} (U+${letter.codePointAt(0)?.toString(16)})`);
        return glyph.path.commands;
      });
      // One scale for the whole face, so that sizes within an alphabet keep their proportions.
      const sides = outlines
        .map((outline) => Math.max(bounds(outline).width, bounds(outline).height))
        .sort((a, b) => a - b);
      const side = sides[Math.floor(sides.length * 0.8)] as number;
      return { name: face, outlines: outlines.map((outline) => pathData(outline, (1.5 * extent) / side)) };
    }),
  };
}

function bounds(commands: Command[]) {
  const xs = commands.flatMap(({ args }) => args.filter((_, i) => i % 2 === 0));
  const ys = commands.flatMap(({ args }) => args.filter((_, i) => i % 2 === 1));
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { width: right - left, height: top - bottom, x: (left + right) / 2, y: (bottom + top) / 2 };
}

/** SVG path data, integers, y down, centred on the origin. */
function pathData(commands: Command[], scale: number): string {
  const { width, height, x, y } = bounds(commands);
  const fitted = Math.min(scale, (2 * extent) / Math.max(width, height));
  const coordinate = (v: number, i: number) => Math.round((i % 2 ? y - v : v - x) * fitted);
  return commands.map(({ command, args }) => letterOf[command] + args.map(coordinate).join(" ")).join("");
}

for (const [file, specs] of Object.entries({ source, target })) {
  const scripts = specs.map(extract);
  const classes = scripts.reduce((n, script) => n + script.characters.length, 0);
  const bytes = gzipSync(JSON.stringify(scripts), { level: 9 });
  writeFileSync(new URL(`glyphs/${file}.json.gz`, root), bytes);
  console.log(`${file}: ${classes} characters of ${scripts.map((s) => s.name).join(", ")}; ${bytes.length} bytes`);
}

const families = [...new Set([...source, ...target].flatMap(({ faces }) => faces.map((face) => face.split(" ")[0])))];
const notices = families.sort().map((family) => {
  const { version, license } = installed(`@fontsource/${family}/package.json`) as { version: string; license: string };
  if (license !== "OFL-1.1") throw new Error(`${family} is under ${license}`);
  const copyright = readFileSync(installed.resolve(`@fontsource/${family}/LICENSE`), "utf8").split("\n")[0];
  return `- \`@fontsource/${family}\` ${version}: ${copyright?.replace(/ \S+\.ttf:.*/, "")}`;
});
const licence = readFileSync(installed.resolve(`@fontsource/noto-sans/LICENSE`), "utf8")
  .split("\n")
  .slice(1)
  .join("\n")
  .trim();
writeFileSync(
  new URL("glyphs/LICENSE.md", root),
  `# Licence of the outlines

The files in this folder hold outlines of letters taken from the fonts below (scaled and rounded by
\`../scripts/extract-glyphs.ts\`). They are under the fonts' licence, the SIL Open Font License 1.1, not under the
repository's.

${notices.join("\n")}

\`\`\`text
${licence}
\`\`\`
`,
);
