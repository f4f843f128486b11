// Reading what the report's writer put into the page: compressed texts in elements that browsers neither run nor show.

import { CallTree } from "#page/calltree";

/**
 * @typedef {object} Page
 * @property {object} report the report as Docs/report-format.md has it, without callTree.nodes
 * @property {CallTree} tree its call tree
 * @property {{report: object, tree: CallTree} | null} base the older report of a comparison
 * @property {Map<string, {first: number, lines: string[]}[]>} sources lines of the sources by file, if they were put in
 */

function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let index = 0; index < packed.length; index += 1) bytes[index] = packed.charCodeAt(index);
  return bytes;
}

/**
 * Base 64 to a value: gzip, then JSON.
 * @param {string} text
 */
export async function unpack(text) {
  const bytes = decode(text.trim());
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Sections that older or smaller reports lack, in the form in which the views expect them. */
export function complete(report) {
  const lists = ["growth", "boundaries", "inferences", "safety", "tasks", "taskSites", "scopes", "types", "sizes", "threads",
    "handovers", "queues", "cycles", "callSites"];
  for (const name of lists) report[name] ??= [];
  for (const name of ["ownership", "retainLedger"]) {
    if (Array.isArray(report[name]) || report[name] === undefined) report[name] = null;
  }
  for (const name of ["intervals", "scopeRuns", "snapshots"]) report.timeline[name] ??= [];
  report.timeline.uncertainTypes ??= [];
  report.notCollected ??= {};
  return report;
}

async function readOne(texts, prefix) {
  const [report, columns] = await Promise.all([unpack(texts(`${prefix}report-data`)), unpack(texts(`${prefix}tree-data`))]);
  complete(report);
  const tree = new CallTree(columns);
  tree.addLeaks(report.leaks.groups);
  return { report, tree };
}

/**
 * Reads everything.
 * @param {(id: string) => string | null} texts the text of an element
 * @returns {Promise<Page>}
 */
export async function readPage(texts) {
  const current = await readOne(texts, "");
  const base = texts("base-report-data") === null ? null : await readOne(texts, "base-");
  const files = texts("sources-data") === null ? [] : await unpack(texts("sources-data"));
  return { ...current, base, sources: new Map(files.map(({ file, excerpts }) => [file, excerpts])) };
}
