// Headless Chromium: the suite and the vectors in a page, OPFS over reloads, several tabs, a leader that goes, a trap.
//
//   node browser.mjs FOLDER_OF_THE_BUILT_PAGE [FOLDER_OF_VECTORS]

import { createServer } from "node:http";
import { readFile, readdir, rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";

import { chromium } from "playwright-core";

import { equal, runAll } from "./check.mjs";

const [site, vectors] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };

/** Serves the built page; below /isolated/ so that it may share memory with its Workers. */
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const isolated = pathname.startsWith("/isolated/");
  const path = (isolated ? pathname.slice("/isolated".length) : pathname).replace(/\/$/, "/index.html");
  try {
    const body = await readFile(join(site, path));
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
    if (isolated) response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    // Also for the Worker's script, which lies beside the page that is not isolated.
    if (isolated || extname(path) === ".js") response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://localhost:${server.address().port}`;

const profile = await mkdtemp(join(tmpdir(), "crm-chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CRM_CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

/** A tab with the page, in which `crm` stands for the database of a name, if there is one. */
async function tab(name, path = "/") {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error.stack ?? error}`));
  await page.goto(origin + path);
  await page.waitForFunction(() => document.title === "ready");
  if (name) await openIn(page, name);
  return page;
}

async function openIn(page, name) {
  await page.evaluate(async (name) => {
    window.db = await window.crm.open({ storage: "opfs", name, country: "DE" });
    window.commits = [];
    window.db.onCommit((commit) => window.commits.push(commit));
  }, name);
}

const create = (page, name) =>
  page.evaluate((family_name) => window.db.people.create({ given_name: "A", family_name }).then((one) => one.id), name);
const names = (page) =>
  page.evaluate(async () => (await window.db.people.list({})).records.map((one) => one.family_name).sort());
const failure = (page, code) =>
  page.evaluate(`(async () => { try { await (${code}); return null; } catch (e) { return e.code ?? String(e); } })()`);
const leads = (page) => page.evaluate(() => window.db.leads);

/** Makes the engine of a tab that leads die in its next write, as a trap does. */
async function poison(page) {
  const [worker] = page.workers();
  await worker.evaluate(() => {
    Date.now = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
  });
}

const tests = {
  async "the suite passes in a page"() {
    const page = await tab();
    const { passed, failures } = await page.evaluate(() => window.crm.suite());
    suitePassed = passed;
    equal(failures, []);
    await page.close();
  },

  async "what was written to OPFS is there after a reload"() {
    const page = await tab("reload");
    const id = await create(page, "Lovelace");
    for (let round = 1; round <= 3; round += 1) {
      await page.reload();
      await page.waitForFunction(() => document.title === "ready");
      await openIn(page, "reload");
      equal((await names(page)).length, round);
      await create(page, `Hopper ${round}`);
    }
    // A restored record comes out of the sealed journal, so the key was kept, too.
    await page.evaluate((id) => window.db.people.delete(id), id);
    equal(await page.evaluate(async (id) => (await window.db.people.restore(id)).family_name, id), "Lovelace");
    const settings = await page.evaluate(() => window.db.settings());
    equal([settings.foreign_keys, settings.journal_mode, settings.trusted_schema], ["1", "truncate", "0"]);
    equal(await page.evaluate(async () => (await window.db.journal.verify({})).findings?.length ?? 0), 0);
    await page.close();
  },

  async "two tabs work on one database"() {
    const [first, second] = [await tab("shared"), await tab("shared")];
    equal([await leads(first), await leads(second)], [true, false]);
    await create(first, "One");
    await create(second, "Two");
    equal(await names(first), ["One", "Two"]);
    equal(await names(second), ["One", "Two"]);
    await first.waitForFunction(() => window.commits.length === 2);
    await second.waitForFunction(() => window.commits.length === 2);
    equal(await failure(second, "window.db.people.create({family_name: 1})"), "field.type");
    equal(await failure(second, "window.db.session({purpose: 'fun'})"), "purpose.unknown");
    const bytes = await second.evaluate(async () => (await window.db.export()).length);
    equal(bytes > 100_000, true, "export through the leader");
    // Both at once, each in its own words.
    await Promise.all(
      [first, second].map((page, at) =>
        page.evaluate(async (at) => {
          const writes = Array.from({ length: 20 }, (_, n) =>
            window.db.people.create({ given_name: `${n}`, family_name: `Tab ${at}` }),
          );
          await Promise.all(writes);
        }, at),
      ),
    );
    equal((await names(first)).length, 42);
    await first.close();
    await second.close();
  },

  async "when the leader's tab is closed, another goes on"() {
    const [first, second, third] = [await tab("heirs"), await tab("heirs"), await tab("heirs")];
    await create(first, "One");
    await first.close();
    await create(second, "Two");
    equal(await names(third), ["One", "Two"]);
    equal([await leads(second), await leads(third)].filter(Boolean).length, 1);
    await second.close();
    equal(await names(third), ["One", "Two"]);
    equal(await leads(third), true);
    await third.close();
  },

  async "a leader that closes its database hands it over"() {
    const [first, second] = [await tab("handed"), await tab("handed")];
    await create(second, "One");
    await first.evaluate(() => window.db.close());
    equal(await failure(first, "window.db.call('person.count')"), "storage.closed");
    await create(second, "Two");
    equal(await leads(second), true);
    await openIn(first, "handed");
    equal(await names(first), ["One", "Two"]);
    await first.close();
    await second.close();
  },

  async "calls in flight are repeated, or say that nobody knows"() {
    const [first, second] = [await tab("flight"), await tab("flight")];
    await create(first, "One");
    const outcome = second.evaluate(async () => {
      const codes = [];
      const calls = Array.from({ length: 400 }, (_, at) =>
        at % 2
          ? window.db.people.list({})
          : window.db.people.create({ given_name: "A", family_name: `F${at}` }),
      );
      for (const call of calls) codes.push(await call.then(() => "ok", (error) => error.code));
      return codes;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await first.close({ runBeforeUnload: false });
    const codes = await outcome;
    const created = codes.filter((code, at) => at % 2 === 0 && code === "ok").length;
    const unknown = codes.filter((code) => code === "surface.leader_lost").length;
    equal(codes.filter((code) => code !== "ok" && code !== "surface.leader_lost"), []);
    equal(codes.filter((code, at) => at % 2 === 1 && code !== "ok"), [], "queries are repeated");
    const found = await second.evaluate(async () => await window.db.call("person.count"));
    equal(found - 1 >= created && found - 1 <= created + unknown, true, `${found - 1} found, ${created} told, ${unknown} unknown`);
    equal(await second.evaluate(async () => (await window.db.call("system.integrity_check").catch(() => [])).length), 0);
    await second.close();
  },

  async "goes on after a trap, with the data of OPFS"() {
    const [first, second] = [await tab("trap"), await tab("trap")];
    await create(first, "One");
    await poison(first);
    const both = await first.evaluate(async () => {
      const outcome = (call) => call.then(() => "ok", (error) => error.code);
      return Promise.all([
        outcome(window.db.people.create({ given_name: "A", family_name: "Trapped" })),
        outcome(window.db.people.create({ given_name: "A", family_name: "After" })),
        outcome(window.db.call("person.count")),
      ]);
    });
    equal(both, ["surface.panic", "ok", "ok"]);
    equal(await names(first), ["After", "One"]);
    await create(second, "Two");
    equal(await names(first), ["After", "One", "Two"]);
    await first.close();
    equal(await names(second), ["After", "One", "Two"]);
    await second.close();
  },

  async "says after a trap that a database in memory is lost"() {
    const page = await tab();
    await page.evaluate(async () => (window.db = await window.crm.open()));
    await create(page, "One");
    await page.evaluate(async () => (window.bytes = await window.db.export()));
    await poison(page);
    equal(await failure(page, "window.db.people.create({given_name: 'A', family_name: 'B'})"), "surface.panic");
    equal(await failure(page, "window.db.call('person.count')"), "surface.lost");
    await page.workers()[0].evaluate(() => (Date.now = () => performance.timeOrigin + performance.now()));
    await page.evaluate(() => window.db.import(window.bytes));
    equal(await names(page), ["One"]);
    await page.close();
  },

  async "imports a database into OPFS, or leaves the old one"() {
    const page = await tab("import");
    await create(page, "Old");
    equal(await failure(page, "window.db.import(new Uint8Array(100))") !== null, true);
    equal(await names(page), ["Old"]);
    await page.evaluate(async () => {
      const other = await window.crm.open();
      await other.people.create({ given_name: "A", family_name: "New" });
      await window.db.import(await other.export(), await other.exportKey());
      await other.close();
    });
    equal(await names(page), ["New"]);
    await page.reload();
    await page.waitForFunction(() => document.title === "ready");
    await openIn(page, "import");
    equal(await names(page), ["New"]);
    await page.close();
  },

  async "keeps databases of different names apart"() {
    const [first, second] = [await tab("apart 1"), await tab("apart 2")];
    await create(first, "One");
    equal(await names(second), []);
    equal([await leads(first), await leads(second)], [true, true]);
    await first.close();
    await second.close();
  },

  async "stops an import on an isolated page"() {
    const page = await tab("stopped", "/isolated/");
    const [code, count] = await page.evaluate(async () => {
      const rows = Array.from({ length: 5000 }, (_, at) => `A${at}`).join("\n");
      const mapping = { record_type: "person", columns: [{ column: "Nachname", field: "family_name" }] };
      const input = { content: `Nachname\n${rows}\n`, mapping };
      const importing = window.db.call("import.csv", input, { progress: () => false }).then(
        () => "ok",
        (error) => error.code,
      );
      return [await importing, await window.db.call("person.count")];
    });
    equal([code, count], ["import.cancelled", 0]);
    const waiting = await page.evaluate(async () => {
      const calls = Array.from({ length: 200 }, () => window.db.people.create({ given_name: "A", family_name: "B" }));
      const settled = Promise.allSettled(calls);
      const stopped = window.db.interrupt();
      const codes = (await settled).map(({ status, reason }) => (status === "fulfilled" ? "ok" : reason.code));
      return [stopped, codes.includes("storage.interrupted"), await window.db.call("person.count"), codes.filter((c) => c === "ok").length];
    });
    equal([waiting[0], waiting[1], waiting[2] === waiting[3]], [true, true, true]);
    await page.close();
  },
};

/** Opens databases as a first visit and as a later one does; gives the middle of each in milliseconds. */
async function measure() {
  const page = await tab();
  const middle = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const [fresh, again] = [[], []];
  for (let round = 0; round < 7; round += 1) {
    fresh.push(await page.evaluate((name) => window.crm.measure(name), `speed ${round}`));
    again.push(await page.evaluate((name) => window.crm.measure(name), `speed ${round}`));
  }
  await page.close();
  return { fresh: middle(fresh), again: middle(again) };
}

/** Runs the tests and the vectors; gives how many failed. */
async function test() {
  const { passed, failures } = await runAll(tests);
  for (const failure of failures) console.error(failure);
  console.log(`browser: ${passed + Math.max(0, suitePassed - 1)} passed, ${failures.length} failed`);
  if (!vectors) return failures.length;
  const files = {};
  for (const path of (await readdir(vectors, { recursive: true })).filter((name) => name.endsWith(".json")).sort()) {
    files[relative(".", path)] = JSON.parse(await readFile(join(vectors, path), "utf8"));
  }
  const page = await tab();
  const outcome = await page.evaluate((files) => window.crm.vectors(files), files);
  await page.close();
  for (const failure of outcome.failures) console.error(failure);
  console.log(`browser: ${outcome.passed} vectors passed, ${outcome.failures.length} failed`);
  return failures.length + outcome.failures.length;
}

let suitePassed = 0;
try {
  if (process.env.CRM_WEB_MEASURE) console.log(JSON.stringify(await measure()));
  else process.exitCode = (await test()) ? 1 : 0;
} finally {
  await browser.close();
  server.close();
  await rm(profile, { recursive: true, force: true });
}
