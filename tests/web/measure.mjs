// The calls of crm-wasm/examples/native.rs through the package in Node; prints one JSON object.

import { open } from "crm-core";

async function perCall(crm, operation, input) {
  const rounds = [];
  for (let round = 0; round < 7; round += 1) {
    const started = performance.now();
    for (let at = 0; at < 2_000; at += 1) await crm.call(operation, input);
    rounds.push(((performance.now() - started) * 1e3) / 2_000);
  }
  return rounds.sort((a, b) => a - b)[3];
}

const contact = (number) => ({
  given_name: `Given${number % 97}`,
  family_name: `Family${number}`,
  emails: [{ address: `contact${number}@example.com` }],
  phones: [{ number: `+49 30 ${1_000_000 + number}` }],
  tags: [`tag${number % 13}`],
});

async function workload(crm) {
  const started = performance.now();
  for (let batch = 0; batch < 20; batch += 1) {
    const records = Array.from({ length: 500 }, (_, at) => contact(batch * 500 + at));
    await crm.call("person.create_all", { records });
  }
  for (let at = 0; at < 200; at += 1) {
    await crm.call("person.list", { filter: `emails.address = "contact${at * 37}@example.com"`, limit: 50 });
    await crm.call("person.list", { sort: ["family_name"], limit: 50 });
    await crm.call("search.run", { text: `Family${at * 11}` });
  }
  return performance.now() - started;
}

const crm = await open();
const { id } = await crm.call("person.create", contact(0));
const count = await perCall(crm, "person.count", {});
const get = await perCall(crm, "person.get", { id });
await crm.close();
const fresh = await open();
console.log(JSON.stringify({ count, get, workload: await workload(fresh) }));
await fresh.close();
