// Node with CommonJS: the same suite.
"use strict";

const crmCore = require("crm-core");

(async () => {
  const { runAll } = await import("./check.mjs");
  const { suite } = await import("./suite.mjs");
  const { passed, failures } = await runAll(suite(crmCore));
  for (const failure of failures) console.error(failure);
  console.log(`node cjs: ${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length ? 1 : 0;
})();
