// The sample of ../STORY.md, through operations.

/** Loads the sample into an empty database. Gives what the ERP keeps of it: the keys of the CRM, beside its own. */
export async function loadSample(crm) {
  const customer = await crm.organisations.create({
    name: "Nordwind Logistik GmbH",
    industry: "Logistics",
    addresses: [{ street: "Am Sandtorkai 4", postal_code: "20457", locality: "Hamburg", country: "DE" }],
    phones: [{ number: "040 30085300" }],
  });
  const contact = (given_name, family_name, job_title, email) =>
    crm.people.create({ given_name, family_name, job_title, organisation: customer.id, emails: [email] });
  const jana = await contact("Jana", "Petersen", "Head of fleet", { address: "jana.petersen@nordwind.example", verified: true });
  const ole = await contact("Ole", "Hansen", "Purchasing", { address: "o.hansen@nordwind.example", invalid: true });
  const mira = await contact("Mira", "Scholz", "Warehouse", { address: "mira.scholz@nordwind.example" });

  // The engine knows the stages that most begin with; a host changes them at will.
  const template = await crm.pipelines.template({ name: "New business" });
  const { pipeline, stages } = await crm.pipelines.createWithStages(template);
  const stage = (key) => stages.find((one) => one.key === key).id;
  const budget = await crm.lostReasons.create({ name: "Budget" });

  const deals = [
    ["Forklifts for hall 3, 12 units", "negotiation", jana, "148500.00", "2026-12-04"],
    ["Maintenance 2027", "proposal", jana, "36900.00", "2026-12-18"],
    ["Racking, second building phase", "qualification", mira, "82250.50", "2027-02-26"],
    ["Charging station, trial", "lost", ole, "5400.00", "2026-10-30"],
  ];
  const made = [];
  for (const [name, key, person, amount, expected_close_date] of deals) {
    made.push(
      await crm.deals.create({
        name,
        stage: stage(key),
        organisation: customer.id,
        person: person.id,
        amount: { amount, currency: "EUR" },
        expected_close_date,
        ...(key === "lost" ? { lost_reason: budget.id } : {}),
      }),
    );
  }
  return { customer: customer.id, pipeline: pipeline.id, orderedDeal: made[0].id, wonStage: stage("won") };
}
