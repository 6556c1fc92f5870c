/** The entry for Node: databases in memory, in this thread. */

import { readFile } from "node:fs/promises";

import { Crm } from "./crm.js";
import { Engine } from "./engine.js";
import { crmError } from "./error.js";
import { InThread } from "./in-thread.js";
import { wasmUrl } from "./locate.js";
import { type OpenOptions, checkOptions, engineOptions, freshKey } from "./options.js";

export * from "./index.js";

let compiled: Promise<WebAssembly.Module> | undefined;

/** Opens a database in memory, empty or with the bytes of another one. */
export async function open(options: OpenOptions = {}): Promise<Crm> {
  checkOptions(options);
  if (options.storage === "opfs") {
    throw crmError("invalid", "options.storage", "there is no private file system of a browser here", "storage");
  }
  const own = engineOptions(options);
  own.key ??= freshKey();
  const engine = new Engine(await moduleOf(options.wasm));
  const crm = new Crm(new InThread(engine, own, options.bytes), options.session ?? {});
  return crm.begin();
}

/** The compiled module. The package's own is compiled once. */
function moduleOf(wasm: OpenOptions["wasm"]): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return Promise.resolve(wasm);
  if (wasm === undefined) {
    compiled ??= readFile(wasmUrl).then((bytes) => WebAssembly.compile(bytes));
    return compiled;
  }
  if (typeof wasm === "string" || wasm instanceof URL) {
    return readFile(wasm).then((bytes) => WebAssembly.compile(bytes));
  }
  return WebAssembly.compile(wasm);
}
