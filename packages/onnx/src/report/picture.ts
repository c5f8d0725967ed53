import type { Inspection } from "../inspect.ts";
import type { Block } from "./blocks.ts";
import { count, operatorList } from "./text.ts";

const width = 900;
const box = { x: 230, width: 440, height: 52, gap: 22 } as const;
/** Where the first box begins, below the title. */
const top = 92;
/** Connections that pass over blocks run in lanes beside them. */
const lane = { most: 10, width: 16 } as const;
const colours = {
  text: "#1f2933",
  faint: "#616e7c",
  line: "#7b8794",
  backbone: { fill: "#e3eefc", stroke: "#7aa7e0" },
  head: { fill: "#e2f6e6", stroke: "#5fb878" },
  cut: "#c2410c",
} as const;

/**
 * A model as a picture, in SVG: its blocks from top to bottom, each with operators, parameters and the shape of what it makes;
 * connections that pass over blocks beside them; where a new head would be put on as a dashed line, blue above and green below.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { inspect, pictureOf } from "@graftjs/onnx";
 *
 * const svg = pictureOf(inspect(await readFile("fixtures/onnx/resnet.onnx")));
 * console.log(svg.includes("a new head: 8 features")); // true
 * ```
 */
export function pictureOf(inspection: Inspection): string {
  const { blocks, cut } = inspection;
  const last = lastOfBackbone(inspection);
  const y = (i: number): number => top + i * (box.height + box.gap) + (last !== undefined && i > last ? 26 : 0);
  const height = y(blocks.length) + 16;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
    `<path d="M0 0 8 4 0 8z" fill="${colours.line}"/></marker></defs>`,
    ...title(inspection),
    ...blocks.flatMap((block, i) => blockAt(block, y(i), last !== undefined && i > last)),
    ...blocks.slice(1).flatMap((block, i) => (block.reads.includes(i) ? [straight(y(i), y(i + 1))] : [])),
    ...skips(blocks, y),
  ];
  if (cut && last !== undefined && last + 1 < blocks.length)
    parts.push(...cutLine(cut.features, y(last) + box.height + 24));
  return `${[...parts, "</svg>"].join("\n")}\n`;
}

/** The block in which the new head's input is made. */
function lastOfBackbone({ blocks, cut }: Inspection): number | undefined {
  const at = cut ? blocks.findIndex(({ tensors }) => tensors.includes(cut.tensor)) : -1;
  return at < 0 ? undefined : at;
}

function title({ graph, producer, inputs, parameters, costs }: Inspection): string[] {
  const shapes = inputs.map(({ name, shape }) => `${name} [${shape?.map((d) => d ?? "?").join(", ") ?? "?"}]`);
  const macs = costs?.fineTune ? `, ${count(costs.fineTune.macs / 3)} multiply-adds a sample` : "";
  return [
    text(
      shorten(`${graph || "model"}${producer && ` by ${producer}`}`, 70),
      width / 2,
      32,
      'text-anchor="middle" font-size="18" font-weight="600"',
    ),
    text(
      shorten(`${count(parameters.elements)} parameters${macs}`, 100),
      width / 2,
      54,
      `text-anchor="middle" font-size="13" fill="${colours.faint}"`,
    ),
    text(shorten(shapes.join(", "), 100), width / 2, 74, `text-anchor="middle" font-size="13" fill="${colours.faint}"`),
  ];
}

function blockAt({ name, operators, parameters, output }: Block, y: number, isHead: boolean): string[] {
  const { fill, stroke } = isHead ? colours.head : colours.backbone;
  const right = box.x + box.width - 12;
  const shape = output.shape.length > 1 ? output.shape.slice(1).join(" × ") : output.shape.join(" × ");
  const numbers = parameters > 0 ? `${count(parameters)} parameters` : "";
  return [
    `<rect x="${box.x}" y="${y}" width="${box.width}" height="${box.height}" rx="8" fill="${fill}" stroke="${stroke}"/>`,
    text(shorten(name, 34), box.x + 12, y + 21, 'font-size="14" font-weight="600"'),
    text(shape, right, y + 21, 'text-anchor="end" font-size="13"'),
    text(operatorList(operators, 46), box.x + 12, y + 40, `font-size="12" fill="${colours.faint}"`),
    text(numbers, right, y + 40, `text-anchor="end" font-size="12" fill="${colours.faint}"`),
  ];
}

function straight(from: number, to: number): string {
  const x = box.x + box.width / 2;
  return `<line x1="${x}" y1="${from + box.height}" x2="${x}" y2="${to}" stroke="${colours.line}" stroke-width="1.5" marker-end="url(#tip)"/>`;
}

/** Connections past blocks, the short ones inside; the longest are left out where they would run off the picture. */
function skips(blocks: readonly Block[], y: (i: number) => number): string[] {
  const all = blocks.flatMap(({ reads }, to) => reads.filter((from) => from < to - 1).map((from) => ({ from, to })));
  const lanes: { from: number; to: number }[][] = [];
  const right = box.x + box.width;
  const drawn: string[] = [];
  for (const skip of all.sort((a, b) => a.to - a.from - (b.to - b.from))) {
    const free = lanes.findIndex((taken) => taken.every(({ from, to }) => skip.to <= from || skip.from >= to));
    const at = free < 0 ? lanes.length : free;
    if (at >= lane.most) continue;
    lanes[at] = [...(lanes[at] ?? []), skip];
    const x = right + 14 + at * lane.width;
    const [y1, y2] = [y(skip.from) + box.height - 12, y(skip.to) + 12];
    drawn.push(
      `<path d="M${right} ${y1}H${x - 6}q6 0 6 6V${y2 - 6}q0 6 -6 6H${right}" fill="none" stroke="${colours.line}" stroke-width="1.2" marker-end="url(#tip)"/>`,
    );
  }
  return drawn;
}

function cutLine(features: number, y: number): string[] {
  return [
    `<line x1="40" y1="${y}" x2="${width - 40}" y2="${y}" stroke="${colours.cut}" stroke-width="1.5" stroke-dasharray="6 5"/>`,
    text(`a new head: ${features} features`, 40, y - 7, `font-size="13" fill="${colours.cut}"`),
  ];
}

function text(content: string, x: number, y: number, attributes: string): string {
  const fill = attributes.includes("fill=") ? "" : ` fill="${colours.text}"`;
  return `<text x="${x}" y="${y}" ${attributes}${fill}>${escaped(content)}</text>`;
}

function shorten(content: string, longest: number): string {
  return content.length > longest ? `${content.slice(0, longest - 1)}…` : content;
}

/** As text of XML, which has no control characters. */
function escaped(content: string): string {
  const codes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out.
  return content.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, " ").replace(/[&<>"]/g, (sign) => codes[sign] as string);
}
