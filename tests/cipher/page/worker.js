// What an encrypted database does in the private file system of a browser.

import { glue } from "/glue.esm.js";

const FOLDER = "encrypted/files";
const [KEY, OLD, NEW] = ["01", "a5", "5a"].map((digits) => digits.repeat(32));
const compiled = await WebAssembly.compileStreaming(fetch("/crm.wasm"));
const native = new Uint8Array(await (await fetch("/native-file.db")).arrayBuffer());

function equal(found, expected, what) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

/** A fresh engine that has the files. */
async function engine() {
  const fresh = glue();
  fresh.initSync({ module: compiled });
  await fresh.opfs_install(FOLDER);
  return fresh;
}

function open(engine, path, options) {
  const database = engine.open(JSON.stringify({ path, key: KEY, ...options }));
  const session = database.session("{}");
  const call = (operation, input = {}) => {
    const { result, error } = JSON.parse(session.call(operation, JSON.stringify(input)));
    if (error) throw new Error(`${operation}: ${JSON.stringify(error)}`);
    return result;
  };
  return { database, call };
}

function refused(engine, path, options) {
  try {
    open(engine, path, options).database.close();
  } catch (thrown) {
    return JSON.parse(thrown).error.code;
  }
  return "nothing";
}

/** The contents of every file below a folder. */
async function contents(folder) {
  const found = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") found.push(...(await contents(handle)));
    else found.push([name, new Uint8Array(await (await handle.getFile()).arrayBuffer())]);
  }
  return found;
}

/** The words that any file holds, read as Latin-1 so that bytes stay bytes. */
async function readable(words) {
  const files = await contents(await navigator.storage.getDirectory());
  const texts = files.map(([, bytes]) => new TextDecoder("latin1").decode(bytes));
  if (!files.some(([, bytes]) => bytes.length > 100_000)) throw new Error("there is no database to look into");
  return words.filter((word) => texts.some((text) => text.includes(word)));
}

const WORDS = ["SQLite format 3", "Wilhelmina", "Quetzalcoatlus", "CREATE TABLE"];
const person = { given_name: "Wilhelmina", family_name: "Quetzalcoatlus" };

const tests = {
  async "a plain database can be read, so the scan finds words"() {
    const plain = await engine();
    const { database, call } = open(plain, "plain.db", {});
    call("person.create", person);
    database.close();
    equal(refused(plain, "plain.db", { database_key: OLD }), "storage.encryption.plain", "with a key");
    plain.opfs_release();
    equal(await readable(WORDS), WORDS, "readable");
    const again = await engine();
    again.opfs_remove("plain.db");
    again.opfs_release();
    await (await navigator.storage.getDirectory()).removeEntry("encrypted", { recursive: true });
  },

  async "an encrypted one cannot"() {
    const first = await engine();
    const { database, call } = open(first, "crm.db", { database_key: OLD });
    call("person.create", person);
    equal(JSON.parse(database.settings()).journal_mode, "truncate", "journal");
    equal(call("system.integrity_check"), [], "integrity");
    const bytes = database.export_bytes();
    database.close();
    equal(refused(first, "crm.db", { database_key: NEW }), "storage.key", "wrong key");
    first.opfs_release();
    equal(await readable(WORDS), [], "readable");
    const second = await engine();
    const again = open(second, "crm.db", { database_key: OLD });
    equal(again.call("person.count"), 1, "count");
    again.database.close();
    equal(second.open(JSON.stringify({ key: KEY, database_key: OLD }), bytes).settings().includes("cipher_version"), true, "copy");
    second.opfs_release();
  },

  async "the key is changed as it opens, once and again"() {
    const first = await engine();
    for (const round of [1, 2]) {
      const { database, call } = open(first, "crm.db", { database_key: OLD, next_database_key: NEW });
      equal(call("person.count"), 1, `count in round ${round}`);
      equal(call("system.integrity_check"), [], `integrity in round ${round}`);
      database.close();
    }
    equal(refused(first, "crm.db", { database_key: OLD }), "storage.key", "the old key");
    const { database, call } = open(first, "crm.db", { database_key: NEW });
    call("person.create", person);
    equal(call("person.count"), 2, "count");
    database.close();
    first.opfs_release();
    equal(await readable(WORDS), [], "readable");
  },

  async "a file of the native library is taken over, log and all"() {
    const first = await engine();
    first.opfs_import("native.db", native);
    equal(refused(first, "native.db", { database_key: NEW }), "storage.key", "wrong key");
    const { database, call } = open(first, "native.db", { database_key: OLD });
    equal(call("person.count"), 1, "count");
    call("person.create", person);
    equal(call("person.count"), 2, "count");
    database.close();
    const again = open(first, "native.db", { database_key: OLD });
    equal(again.call("person.count"), 2, "count after opening again");
    equal(again.call("system.integrity_check"), [], "integrity");
    again.database.close();
    first.opfs_release();
    equal(await readable(WORDS), [], "readable");
  },
};

const passed = [];
let failure;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    passed.push(name);
  } catch (error) {
    failure = `${name}: ${error?.stack ?? error}`;
    break;
  }
}
postMessage({ passed, failure });
