"use strict";
exports.wasmUrl = require("node:url").pathToFileURL(require("node:path").join(__dirname, "../crm.wasm"));
