// Node with ES modules: the suite, recovery from a trap, and the shared vectors (a folder of them as the argument).

import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";

import * as crmCore from "crm-core";

import { equal, refused, runAll } from "./check.mjs";
import { suite } from "./suite.mjs";
import { runVectors } from "./vectors.mjs";

const tests = {
  ...suite(crmCore),

  async "goes on after a trap, and says that memory is lost"() {
    const crm = await crmCore.open();
    await crm.people.create({ given_name: "Ada", family_name: "L" });
    const bytes = await crm.export();
    const now = Date.now;
    // The engine asks for the time in the midst of a write: what is thrown there tears the instance apart as a trap does.
    Date.now = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    const panic = await refused(crm.people.create({ given_name: "B", family_name: "L" }), "surface.panic");
    Date.now = now;
    equal([panic.kind, panic.details], ["internal", { cause: "RuntimeError" }]);
    const lost = await refused(crm.call("person.count"), "surface.lost");
    equal(lost.kind, "closed");
    await refused(crm.export(), "surface.lost");
    await crm.import(bytes);
    equal(await crm.call("person.count"), 1);
    await crm.close();
  },

  async "runs out of memory without harm"() {
    const crm = await crmCore.open();
    const big = "x".repeat(200 << 20);
    const errors = [];
    for (let round = 0; round < 3; round += 1) {
      await crm.callText("person.count", `{"a":"${big}","b":"${big}"}`).catch((error) => errors.push(error.code));
    }
    equal(errors.every((code) => ["input.too_long", "surface.panic", "surface.lost"].includes(code)), true, errors.join());
    const other = await crmCore.open();
    equal(await other.call("person.count"), 0);
    await other.close();
    await crm.close();
  },

  async "has no OPFS here, and says so"() {
    await refused(crmCore.open({ storage: "opfs", name: "x" }), "options.storage");
  },
};

const { passed, failures } = await runAll(tests);
for (const failure of failures) console.error(failure);
console.log(`node esm: ${passed} passed, ${failures.length} failed`);

const folder = process.argv[2];
let failed = failures.length;
if (folder) {
  const files = {};
  for (const path of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".json")).sort()) {
    files[relative(".", path)] = JSON.parse(await readFile(join(folder, path), "utf8"));
  }
  const vectors = await runVectors(crmCore, files);
  for (const failure of vectors.failures) console.error(failure);
  console.log(`node: ${vectors.passed} vectors passed, ${vectors.failures.length} failed`);
  failed += vectors.failures.length;
}
process.exitCode = failed ? 1 : 0;
