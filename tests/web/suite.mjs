// What holds in every host: Node with ES modules, Node with CommonJS, and a page.

import { equal, refused } from "./check.mjs";

/** The tests over the package's exports. */
export function suite({ open, CrmError }) {
  const memory = (options = {}) => open({ country: "AT", zone: "Europe/Vienna", ...options });
  return {
    async "creates, reads and finds records through typed areas"() {
      const crm = await memory();
      const acme = await crm.organisations.create({ name: "Acme GmbH" });
      const ada = await crm.people.create({
        given_name: "Ada",
        family_name: "Lovelace",
        organisation: acme.id,
        emails: [{ address: "Ada@Example.com" }],
        phones: [{ number: "01 234 56 78" }],
      });
      equal(ada.version, 1, "version");
      equal((await crm.people.get(ada.id)).phones[0].e164 ?? (await crm.people.get(ada.id)).phones[0].number, "+4312345678", "phone");
      const page = await crm.people.list({ filter: 'organisation.name = "Acme GmbH"' });
      equal(page.records.map((person) => person.id), [ada.id], "list");
      equal((await crm.search.run({ text: "lovel" })).map((hit) => hit.id), [ada.id], "search");
      equal(await crm.call("person.count"), 1, "count");
      await crm.close();
    },

    async "gives errors with code, kind, status, path, reason and details"() {
      const crm = await memory();
      const error = await refused(crm.people.create({ family_name: 5 }), "field.type");
      equal([error instanceof CrmError, error instanceof Error, error.name], [true, true, "CrmError"]);
      equal([error.kind, error.status, error.path], ["invalid", 100, "family_name"]);
      equal(error.message, "family_name: takes a text (field.type)");
      equal(Object.keys(error.toJSON()), ["code", "kind", "status", "path", "reason", "details"]);
      await refused(crm.call("person.fly"), "operation.unknown");
      await refused(crm.callText("person.count", "{"), "input.json");
      await refused(crm.callText("person.count", "[]"), "input.type");
      await refused(crm.call(5), "input.type");
      equal(await crm.people.list({}).then((page) => page.records), []);
      await crm.close();
    },

    async "refuses wrong options by name"() {
      for (const [options, code, path] of [
        [{ colour: "red" }, "options.invalid", "colour"],
        [{ storage: "disk" }, "options.invalid", "storage"],
        [{ name: "x" }, "options.invalid", "name"],
        [{ bytes: "x" }, "options.invalid", "bytes"],
        [{ storage: "opfs", bytes: new Uint8Array(1) }, "options.bytes", "bytes"],
        [{ storage: "opfs", name: "../x" }, "options.name", "name"],
        [{ storage: "opfs" }, "options.name", "name"],
        [{ country: "XX" }, "country.unknown", "country"],
        [{ zone: "Europe/Nowhere" }, "zone.unknown", "zone"],
        [{ key: "12" }, "options.hex", "key"],
        [{ controller: { seat: "Atlantis" } }, "place.unknown", "controller.seat"],
        [{ regimes: ["eu", "moon"] }, "select.unknown", "regimes[1]"],
        [{ contactCaps: [{ contacts: 1, hours: 721 }] }, "options.contact_caps", "contact_caps[0].hours"],
        [{ erasureLedger: {} }, "privacy.erasure.ledger", "erasure_ledger"],
        [{ bytes: new Uint8Array([1, 2, 3]) }, "storage.not_a_database", null],
        [{ session: { purpose: "fun" } }, "purpose.unknown", "purpose"],
        [{ session: { actor: "nobody" } }, "actor.invalid", "actor"],
      ]) {
        const error = await refused(open(options), code);
        equal(error.path, path, `path of ${code}`);
      }
    },

    async "keeps sessions apart"() {
      const crm = await memory();
      const user = await crm.users.create({ name: "Grace" });
      const session = await crm.session({ actor: `user:${user.id}`, purpose: "customer_care" });
      const note = await session.people.create({ given_name: "Ada", family_name: "L" });
      const history = await session.people.history({ id: note.id }).catch(() => null);
      const [entry] = await crm.journal.feed({ from: 1, limit: 1 });
      equal(entry.actor ?? history?.[0]?.actor, user.id, "actor");
      await refused(crm.session({ actor: "user:01a200b5-e0c4-7f62-a0ac-a1006f2ae307" }), "user.unknown");
      await session.close();
      await session.close();
      await refused(session.people.count({}), "storage.closed");
      equal(await crm.call("person.count"), 1);
      await crm.close();
    },

    async "exports bytes and opens them again"() {
      const crm = await memory();
      const key = await crm.exportKey();
      const ada = await crm.people.create({ given_name: "Ada", family_name: "Lovelace" });
      const bytes = await crm.export();
      equal(new TextDecoder().decode(bytes.subarray(0, 15)), "SQLite format 3");
      await crm.close();
      const copy = await memory({ bytes, key });
      equal((await copy.people.get(ada.id)).family_name, "Lovelace");
      await copy.people.delete(ada.id);
      equal((await copy.people.restore(ada.id)).family_name, "Lovelace", "out of the sealed journal");
      await copy.close();
    },

    async "imports bytes in the place of what is there, or changes nothing"() {
      const [crm, other] = [await memory(), await memory()];
      await crm.people.create({ given_name: "Old", family_name: "One" });
      const session = await crm.session({ purpose: "customer_care" });
      await other.people.create({ given_name: "New", family_name: "One" });
      await other.people.create({ given_name: "New", family_name: "Two" });
      await refused(crm.import(new Uint8Array(200)), "storage.not_a_database");
      await refused(crm.import("text"), "options.invalid");
      equal(await crm.call("person.count"), 1, "nothing changed");
      await crm.import(await other.export(), await other.exportKey());
      equal(await crm.call("person.count"), 2);
      equal(await session.call("person.count"), 2, "sessions go on");
      equal(await crm.exportKey(), await other.exportKey(), "key");
      await crm.close();
      await other.close();
    },

    async "tells of commits after the call that made them"() {
      const crm = await memory();
      const seen = [];
      const stop = crm.onCommit((commit) => seen.push(commit));
      await crm.people.create({ given_name: "Ada", family_name: "L" });
      await refused(crm.people.create({ given_name: 1 }), "field.type");
      await crm.people.createAll([{ given_name: "B", family_name: "L" }, { given_name: "C", family_name: "L" }]);
      equal(seen, [{ from: seen[0].from, to: seen[0].from + 1 }, { from: seen[0].from + 1, to: seen[0].from + 3 }]);
      stop();
      await crm.people.create({ given_name: "D", family_name: "L" });
      equal(seen.length, 2);
      await crm.close();
    },

    async "tells how far an import is"() {
      const crm = await memory();
      const csv = `Vorname,Nachname\n${Array.from({ length: 1500 }, (_, at) => `A${at},B${at}`).join("\n")}\n`;
      const columns = [
        { column: "Vorname", field: "given_name" },
        { column: "Nachname", field: "family_name" },
      ];
      const told = [];
      const input = { content: csv, mapping: { record_type: "person", columns } };
      const report = await crm.call("import.csv", input, { progress: (done) => void told.push(done) });
      equal([report.total.created, await crm.call("person.count")], [1500, 1500]);
      equal(told.length > 0 && told.every((done) => typeof done === "object"), true, "progress");
      await crm.close();
    },

    async "repeats itself with a seed and a clock"() {
      const options = { clock: "2026-11-21T10:00:00Z", seed: "01".repeat(32), key: "02".repeat(32) };
      const ids = [];
      for (let run = 0; run < 2; run += 1) {
        const crm = await memory(options);
        const ada = await crm.people.create({ given_name: "Ada", family_name: "L" });
        ids.push([ada.id, ada.created_at]);
        await crm.close();
      }
      equal(ids[0], ids[1]);
      equal(ids[0][1], "2026-11-21T10:00:00Z");
    },

    async "is closed for good"() {
      const crm = await memory();
      await crm.close();
      await crm.close();
      const error = await refused(crm.people.count({}), "storage.closed");
      equal(error.kind, "closed");
      await refused(crm.export(), "storage.closed");
      await refused(crm.session(), "storage.closed");
      equal(typeof crm[Symbol.dispose ?? Symbol.for("dispose")] === "function" || Symbol.dispose === undefined, true);
    },

    async "survives odd texts and large inputs"() {
      const crm = await memory();
      const odd = "Zoë 🧭 \u0000 \ud800 日本";
      await refused(crm.call("no\u0000such 🧭"), "operation.unknown");
      const note = await crm.people.create({ given_name: "Zoë 🧭", family_name: "日本" });
      equal((await crm.people.get(note.id)).given_name, "Zoë 🧭");
      await crm.people.create({ given_name: odd, family_name: "x" }).catch((error) => equal(error.kind, "invalid"));
      await crm.people.create({ given_name: "x".repeat(1 << 22), family_name: "x" }).then(
        () => Promise.reject(new Error("a name of four million letters was taken")),
        (error) => equal(error instanceof CrmError, true),
      );
      let deep = {};
      for (let depth = 0; depth < 500; depth += 1) deep = { deep };
      await refused(crm.call("person.count", deep), "input.json");
      await crm.close();
    },
  };
}
