// Opens in Node what the native library encrypted, and writes for it what it must open in turn.
//
//   node exchange.mjs STAGE FOLDER    STAGE has what bindings/web/build makes of the engine with the feature `sqlcipher`

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [stage, folder] = process.argv.slice(2);
const { glue } = await import(pathToFileURL(join(stage, "glue.esm.js")));
const compiled = new WebAssembly.Module(readFileSync(join(stage, "crm.wasm")));
const [KEY, OLD, NEW] = ["01", "a5", "5a"].map((digits) => digits.repeat(32));

function open(databaseKey, bytes, more = {}) {
  const engine = glue();
  engine.initSync({ module: compiled });
  const database = engine.open(JSON.stringify({ key: KEY, database_key: databaseKey, ...more }), bytes);
  const session = database.session("{}");
  const call = (operation, input = {}) => {
    const { result, error } = JSON.parse(session.call(operation, JSON.stringify(input)));
    assert.equal(error, undefined, JSON.stringify(error));
    return result;
  };
  return { database, call };
}

/** The code of the error that opening throws. */
function refused(databaseKey, bytes) {
  try {
    open(databaseKey, bytes);
  } catch (thrown) {
    return JSON.parse(thrown).error.code;
  }
  return "nothing";
}

const read = (name) => new Uint8Array(readFileSync(join(folder, name)));
const write = (name, bytes) => writeFileSync(join(folder, name), bytes);
const add = (call) => call("person.create", { family_name: "Grüße aus Node", given_name: "Wilhelmina" });
const readable = (bytes) =>
  ["SQLite format 3", "Wilhelmina", "CREATE TABLE"].filter((word) => Buffer.from(bytes).includes(word));
let passed = 0;
function test(name, work) {
  work();
  passed += 1;
  console.log(`ok ${name}`);
}

test("a new database is encrypted", () => {
  const { database, call } = open(OLD);
  add(call);
  const settings = JSON.parse(database.settings());
  assert.match(settings.cipher_version, /^4\./);
  assert.equal(settings.cipher_provider, "libtomcrypt");
  assert.equal(settings.temp_store, "2");
  const bytes = database.export_bytes();
  assert.deepEqual(readable(bytes), []);
  write("browser-new.db", bytes);
  assert.equal(refused(NEW, bytes), "storage.key");
  assert.equal(refused(undefined, bytes), "storage.key.missing");
});

for (const name of ["native-export.db", "native-backup.db", "native-file.db"]) {
  test(`opens ${name}`, () => {
    assert.deepEqual(readable(read(name)), []);
    assert.equal(refused(NEW, read(name)), "storage.key");
    const { database, call } = open(OLD, read(name));
    assert.equal(call("person.count"), 1);
    assert.deepEqual(call("system.integrity_check"), []);
    assert.equal(call("person.list").records[0].family_name, "Quetzalcoatlus");
    add(call);
    assert.equal(call("search.run", { text: "node" }).length, 1);
    write("browser-native.db", database.export_bytes());
  });
}

test("changes its key", () => {
  const { database, call } = open(OLD, read("browser-new.db"), { next_database_key: NEW });
  assert.equal(call("person.count"), 1);
  assert.deepEqual(call("system.integrity_check"), []);
  write("browser-rekeyed.db", database.export_bytes());
  assert.equal(refused(OLD, read("browser-rekeyed.db")), "storage.key");
  // A host that asks again with both keys gets what it wants.
  assert.equal(open(OLD, read("browser-rekeyed.db"), { next_database_key: NEW }).call("person.count"), 1);
});

test("a plain database does not open with a key", () => {
  const engine = glue();
  engine.initSync({ module: compiled });
  const plain = engine.open(JSON.stringify({ key: KEY })).export_bytes();
  assert.equal(refused(OLD, plain), "storage.encryption.plain");
});

console.log(`exchange: ${passed} passed`);
