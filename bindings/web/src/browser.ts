/** The entry for browsers: everything happens in a dedicated Worker. */

import { Crm } from "./crm.js";
import { InWorker } from "./in-worker.js";
import { type OpenOptions, checkOptions, engineOptions } from "./options.js";
import type { Opening } from "./protocol.js";

export * from "./index.js";

/**
 * Opens a database: in memory, or by a name in the private file system of the browser. Tabs that open the same name work on
 * the same database; the options of the first one hold.
 */
export async function open(options: OpenOptions = {}): Promise<Crm> {
  checkOptions(options);
  const opening: Opening["open"] = {
    storage: options.storage ?? "memory",
    name: options.name ?? "",
    engine: engineOptions(options),
  };
  if (options.bytes) opening.bytes = options.bytes;
  if (options.wasm !== undefined) opening.wasm = await moduleOf(options.wasm);
  const backend = new InWorker(options.worker ?? ownWorker, opening);
  await backend.opened;
  const crm = new Crm(backend, options.session ?? {});
  try {
    return await crm.begin();
  } catch (error) {
    await crm.close();
    throw error;
  }
}

// Bundlers look for this very expression.
function ownWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "crm-core" });
}

/** What a Worker can be sent: a module, or the address of one. */
async function moduleOf(wasm: NonNullable<OpenOptions["wasm"]>): Promise<string | WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (typeof wasm === "string" || wasm instanceof URL) return new URL(wasm, document.baseURI).href;
  return WebAssembly.compile(wasm);
}
