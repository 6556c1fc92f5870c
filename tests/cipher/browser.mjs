// Runs the page in headless Chromium: an encrypted database in the private file system of a browser.
//
//   node browser.mjs STAGE FOLDER    STAGE as for exchange.mjs; FOLDER has native-file.db

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [stage, folder] = process.argv.slice(2);
const page = join(dirname(fileURLToPath(import.meta.url)), "page");
const FILES = {
  "/": join(page, "index.html"),
  "/worker.js": join(page, "worker.js"),
  "/glue.esm.js": join(stage, "glue.esm.js"),
  "/crm.wasm": join(stage, "crm.wasm"),
  "/native-file.db": join(folder, "native-file.db"),
};
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

const server = createServer();
const reported = new Promise((resolve) => {
  server.on("request", async (request, response) => {
    if (request.method === "POST") {
      let text = "";
      for await (const part of request) text += part;
      response.end();
      resolve(JSON.parse(text));
      return;
    }
    const path = FILES[request.url];
    response.setHeader("Content-Type", TYPES[extname(path ?? "")] ?? "application/octet-stream");
    response.statusCode = path ? 200 : 404;
    response.end(path ? await readFile(path) : undefined);
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const profile = await mkdtemp(join(tmpdir(), "crm-chromium-"));
const browser = spawn(
  process.env.CRM_CHROMIUM ?? "/usr/bin/chromium",
  [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    `http://localhost:${server.address().port}/`,
  ],
  { stdio: "ignore" },
);
const ended = new Promise((resolve) => browser.once("exit", resolve));
const patience = new Promise((resolve) => setTimeout(resolve, 120_000, { passed: [], failure: "no report came" }).unref());
const { passed, failure } = await Promise.race([reported, patience]);
browser.kill();
await ended;
server.close();
server.closeAllConnections();
await rm(profile, { recursive: true, force: true });

for (const name of passed) console.log(`ok ${name}`);
if (failure) console.error(failure);
console.log(`browser: ${passed.length} passed`);
process.exit(failure || passed.length === 0 ? 1 : 0);
