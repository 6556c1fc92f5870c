// The order screen of an ERP, with the CRM inside: a customer's open deals, their sums, and which addresses work.
//
//   node order.js [FILE]      FILE is the database, made when it does not exist; in memory without it

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CrmError, open } from "crm-core";
import { loadSample } from "./sample.js";
import { Screen } from "./screen.js";

/** Opens the database, shows the screen and takes the order. `print` is given each line. */
export async function run(path, print) {
  // A real host leaves the clock out; here it stands still, so that the screen looks the same every day.
  const crm = await open({ country: "DE", zone: "Europe/Berlin", clock: "2026-11-21T09:00:00Z", ...kept(path) });
  try {
    if ((await crm.organisations.count()) > 0) {
      throw new Error("the database has customers already; the example begins with an empty one");
    }
    await takeOrder(crm, print);
    if (path) await keep(crm, path);
  } finally {
    await crm.close();
  }
}

async function takeOrder(crm, print) {
  const sample = await loadSample(crm);
  const screen = new Screen(crm, print);
  await screen.customer(sample.customer);
  await screen.openDeals(sample.customer);
  await screen.addresses(sample.customer);

  print("\nThe order is saved, and wins its deal.\n");
  await crm.deals.moveTo({ deal: sample.orderedDeal, stage: sample.wonStage });
  await screen.openDeals(sample.customer);
  await screen.board(sample.pipeline);
}

/** What was kept of the database: in Node it works in memory, and a host keeps its bytes and its key where it likes. */
function kept(path) {
  if (!path || !existsSync(path)) return {};
  return { bytes: readFileSync(path), key: readFileSync(`${path}.key`, "utf8") };
}

/** Replaces the file as a whole, so that a crash leaves the old one. The key opens personal values: for the owner only. */
async function keep(crm, path) {
  writeFileSync(`${path}.key`, await crm.exportKey(), { mode: 0o600 });
  writeFileSync(`${path}.new`, await crm.export());
  renameSync(`${path}.new`, path);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await run(process.argv[2], console.log);
  } catch (failure) {
    const reason = failure instanceof CrmError ? `${failure.code}: ${failure.reason}` : failure.message;
    console.error(`order: ${reason}`);
    process.exitCode = 1;
  }
}
