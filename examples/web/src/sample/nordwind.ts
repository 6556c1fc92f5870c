/** The customer of all examples (../STORY.md), through operations as a host would make it. */

import { crm } from "../crm";

/** Creates Nordwind Logistik GmbH with three contacts, four deals and what was said so far. */
export async function loadNordwind(): Promise<void> {
  const customer = await crm.organisations.create({
    name: "Nordwind Logistik GmbH",
    industry: "Logistics",
    tags: ["customer", "key account"],
    addresses: [{ street: "Am Sandtorkai 4", postal_code: "20457", locality: "Hamburg", country: "DE" }],
    phones: [{ number: "040 30085300" }],
  });
  const contact = (given_name: string, family_name: string, job_title: string, address: string, known: object) =>
    crm.people.create({ given_name, family_name, job_title, organisation: customer.id, emails: [{ address, ...known }] });
  const jana = await contact("Jana", "Petersen", "Head of fleet", "jana.petersen@nordwind.example", { verified: true });
  const ole = await contact("Ole", "Hansen", "Purchasing", "o.hansen@nordwind.example", { invalid: true });
  const mira = await contact("Mira", "Scholz", "Warehouse", "mira.scholz@nordwind.example", {});

  const [pipeline] = (await crm.pipelines.list({ filter: 'name = "New business"' })).records;
  if (!pipeline) return;
  const stages = (await crm.stages.list({ filter: `pipeline = "${pipeline.id}"` })).records;
  const reason = await crm.lostReasons.create({ name: "Budget" });
  const owner = (await crm.users.list({ filter: 'name = "Annika Brandt"' })).records[0]?.id;

  const deals = [
    ["Forklifts for hall 3, 12 units", "Negotiation", jana.id, "148500.00", 13, "Send the final offer"],
    ["Maintenance 2027", "Proposal", jana.id, "36900.00", 27, "Walk through the service levels"],
    ["Racking, second building phase", "Qualification", mira.id, "82250.50", 97, "Ask for the floor plan"],
    ["Charging station, trial", "Lost", ole.id, "5400.00", -22, undefined],
  ] as const;
  for (const [name, stage, person, amount, days, next_step] of deals) {
    const deal = await crm.deals.create({
      name,
      owner,
      pipeline: pipeline.id,
      stage: stages.find((one) => one.name === "Qualification")!.id,
      organisation: customer.id,
      person,
      amount: { amount, currency: "EUR" },
      expected_close_date: inDays(days),
      next_step,
    });
    await crm.dealContacts.create({ deal: deal.id, person, role: "decision maker", primary: true });
    const target = stages.find((one) => one.name === stage)!.id;
    if (stage === "Lost") await crm.deals.moveTo({ deal: deal.id, stage: target, patch: { lost_reason: reason.id } });
    else if (target !== deal.stage) await crm.deals.moveTo({ deal: deal.id, stage: target });
  }
  await crm.notes.create({
    about: `organisation:${customer.id}`,
    organisation: customer.id,
    body: "Hall 3 opens in spring. Jana decides on the forklifts before Christmas.",
  });
  await crm.notes.create({ about: `person:${jana.id}`, person: jana.id, body: "Prefers a call in the morning, before nine." });
}

/** A day from today on, as ISO 8601. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
