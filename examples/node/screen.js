// What stands on the order screen.

const RULE = "─".repeat(95);
const NOTHING = { amount: "0.00", currency: "EUR" };

/** An amount with its thousands apart, in a column of this width. It is exact text all the way. */
function money(amount, width = 18) {
  const { amount: number, currency } = amount ?? NOTHING;
  const [whole, fraction] = number.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, " ")}.${fraction} ${currency}`.padStart(width);
}

/** Reads with a session what it prints. */
export class Screen {
  constructor(crm, print) {
    this.crm = crm;
    this.print = print;
  }

  /** Who the customer is. */
  async customer(id) {
    const { name, addresses, phones } = await this.crm.organisations.get(id);
    const [{ street, postal_code, locality }] = addresses;
    this.print(`Order 4711 · ${name} · ${street}, ${postal_code} ${locality} · ${phones[0].number}\n${RULE}`);
  }

  /** The open deals of a customer and their sums. */
  async openDeals(customer) {
    // Filters reach through links; a value in double quotes is the same for every type.
    const filter = `organisation = "${customer}" and stage.stage_type = "open"`;
    const row = (...cells) => cells.map((cell, at) => cell.padEnd([32, 15, 16, 10][at])).join(" ");
    this.print(`${row("Open deals", "Stage", "Contact", "Close")} ${"Amount".padStart(18)}`);
    for await (const deal of this.crm.deals.all({ filter, sort: ["expected_close_date"] })) {
      const stage = await this.crm.stages.get(deal.stage);
      const person = await this.crm.people.card({ id: deal.person });
      this.print(`${row(deal.name, stage.name, person.name, deal.expected_close_date)} ${money(deal.amount)}`);
    }
    // The engine adds up, exactly and per currency; nothing is summed in floating point here.
    const { rows } = await this.crm.deals.group({
      filter,
      measures: [
        { measure: "count" },
        { measure: "sum", of: "amount" },
        { measure: "weighted", of: "amount", weight: "stage.probability" },
      ],
    });
    const [count, sum, weighted] = rows[0].measures;
    this.print(`${`Sum of ${count} deals`.padEnd(76)} ${money(sum)}`);
    this.print(`${"Weighted by the probability of their stages".padEnd(76)} ${money(weighted)}\n${RULE}`);
  }

  /** Which addresses of the contacts of a customer work. */
  async addresses(customer) {
    this.print(`${"May be mailed?".padEnd(19)} ${"Address".padEnd(34)} What is known of it`);
    const [people, all] = [`organisation = "${customer}"`, []];
    for await (const person of this.crm.people.all({ filter: people, sort: ["created_at"] })) {
      for (const email of person.emails) {
        const known = email.invalid ? "✗ does not work, mail came back" : email.verified ? "✓ works, and belongs to the contact" : "✓ not known to fail";
        this.print(`${`${person.given_name} ${person.family_name}`.padEnd(19)} ${email.address.padEnd(34)} ${known}`);
        all.push(email);
      }
    }
    this.print(`${all.filter((email) => !email.invalid).length} of ${all.length} addresses work\n${RULE}`);
  }

  /** How many deals stand in each stage, and their sums. */
  async board(pipeline) {
    const { columns } = await this.crm.pipelines.board({ pipeline });
    const row = (name, count, sum, weighted) => this.print(`${name.padEnd(51)} ${String(count).padStart(5)} ${sum} ${weighted}`);
    row("Board", "Deals", "Sum".padStart(18), "Weighted".padStart(18));
    for (const { name, count, amounts, weighted } of columns) row(name, count, money(amounts[0]), money(weighted[0]));
  }
}
