// A user's program: it must compile without a word.

import { type Commit, CrmError, type Person, open } from "crm-core";

async function main(): Promise<void> {
  await using crm = await open({ country: "DE", zone: "Europe/Berlin" });
  const stop = crm.onCommit((commit: Commit) => console.log(commit.from));
  const person: Person = { given_name: "Ada", family_name: "Lovelace" };
  const ada = await crm.people.create(person);
  const version: number = ada.version;
  const page = await crm.people.list({ filter: 'family_name = "Lovelace"', limit: 10 });
  console.log(version, page.records.map((found) => found.family_name), await crm.call("person.count"));
  // The engine finds pipeline and stage of a new deal, and a stored one has them.
  const deal = await crm.deals.create({ name: "Forklifts" });
  const stage: string = deal.stage;
  await crm.deals.moveTo({ deal: deal.id, stage });
  try {
    await crm.deals.get("no such");
  } catch (error) {
    if (error instanceof CrmError && error.kind === "invalid") console.log(error.code, error.path);
  }
  // @ts-expect-error There is no such option.
  await open({ colour: "red" });
  stop();
}

void main();
