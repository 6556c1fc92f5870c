// Prints the table of tests/web/measure: what was measured beside what it may be.

import { readFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [wasm, ...results] = process.argv.slice(2);
const [native, node, browser] = await Promise.all(results.map(async (path) => JSON.parse(await readFile(path, "utf8"))));
const bytes = await readFile(wasm);
const size = (content) => `${(content.length / 2 ** 20).toFixed(2)} MB`;
const micro = (value) => `${value.toFixed(1)} µs`;
const milli = (value) => `${value.toFixed(0)} ms`;

const rows = [
  ["", "Rust", "package", "measured", "at most"],
  ["crm.wasm", "", size(bytes), "", ""],
  ["crm.wasm, gzipped", "", size(gzipSync(bytes, { level: 9 })), "", ""],
  ["crm.wasm, brotli", "", size(brotliCompressSync(bytes)), "", ""],
  ["person.count in Node", micro(native.count), micro(node.count), `+${micro(node.count - native.count)}`, "+15 µs"],
  ["person.get in Node", micro(native.get), micro(node.get), `+${micro(node.get - native.get)}`, "+15 µs"],
  ["10,000 contacts in Node", milli(native.workload), milli(node.workload), `${(node.workload / native.workload).toFixed(1)}×`, "4×"],
  ["open to first query, new database in OPFS", "", milli(browser.fresh), "", "300 ms"],
  ["open to first query, the database is there", "", milli(browser.again), "", "300 ms"],
];
// A figure above its limit is marked.
for (const row of rows.slice(1)) {
  const measured = row[3] || row[2];
  row.push(row[4] && parseFloat(measured) > parseFloat(row[4]) ? "EXCEEDED" : "");
}
rows[0].push("");
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) console.log(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ").trimEnd());
