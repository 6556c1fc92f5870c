// What the driver of the browser works with: the package as a bundler sees it, and the tests.

import * as crmCore from "crm-core";
import wasmUrl from "crm-core/crm.wasm?url";

import { runAll } from "./check.mjs";
import { suite } from "./suite.mjs";
import { runVectors } from "./vectors.mjs";

/** The package over a module that is compiled once for the many databases that these open. */
async function compiledOnce() {
  const wasm = await WebAssembly.compileStreaming(fetch(wasmUrl));
  return { ...crmCore, open: (options = {}) => crmCore.open({ wasm, ...options }) };
}

window.crm = {
  ...crmCore,
  suite: async () => runAll(suite(await compiledOnce())),
  vectors: async (files) => runVectors(await compiledOnce(), files),
  measure: async (name) => {
    const started = performance.now();
    const crm = await crmCore.open({ storage: "opfs", name });
    await crm.call("person.count");
    const milliseconds = performance.now() - started;
    await crm.close();
    return milliseconds;
  },
};
document.title = "ready";
