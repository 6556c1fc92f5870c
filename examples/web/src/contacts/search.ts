/** The rows of the contact list: everybody by name, or what a search finds. */

import type { Organisation, Person, Stored } from "crm-core";
import { crm } from "../crm";
import { inOrder, namesOf, oneOf } from "../names";

/** One row of the list. */
export interface Row {
  /** Such as `person:0192…`. */
  reference: string;
  name: string;
  under: string;
  /** Where the words were found, when it is not the name: text before, the hit, text behind. */
  found?: [string, string, string];
}

/** Which contacts are listed. */
export type Kind = "person" | "organisation";

/** What a list shows. */
export interface Found {
  rows: Row[];
  more: boolean;
}

/** Lists the contacts of a kind by their names. */
export async function listAll(kind: Kind, limit: number): Promise<Found> {
  if (kind === "person") {
    const page = await crm.people.list({ sort: ["family_name", "given_name"], limit });
    return { rows: await peopleRows(page.records), more: !!page.next };
  }
  const page = await crm.organisations.list({ sort: ["name"], limit });
  return { rows: page.records.map(organisationRow), more: !!page.next };
}

/** Searches people and organisations: words by their beginning, phone numbers in any spelling, e-mail addresses by their parts. */
export async function search(text: string, limit: number): Promise<Found> {
  const hits = await crm.search.run({ text, record_types: ["person", "organisation"], snippets: true, limit: limit + 1 });
  const ids = (type: Kind) => hits.filter((hit) => hit.record_type === type).map((hit) => hit.id);
  const [people, organisations] = [ids("person"), ids("organisation")];
  const rows = new Map<string, Row>();
  if (people.length > 0) {
    const records = (await crm.people.list({ filter: oneOf(people), limit: people.length })).records;
    for (const row of await peopleRows(inOrder(records, people))) rows.set(row.reference, row);
  }
  if (organisations.length > 0) {
    const records = (await crm.organisations.list({ filter: oneOf(organisations), limit: organisations.length })).records;
    for (const record of records) rows.set(`organisation:${record.id}`, organisationRow(record));
  }
  const found = hits.slice(0, limit).flatMap((hit) => {
    const row = rows.get(`${hit.record_type}:${hit.id}`);
    if (!row) return [];
    const range = hit.snippet?.snippet.ranges[0];
    return range && hit.snippet?.field !== "title" ? [{ ...row, found: cut(hit.snippet!.snippet.text, range.start, range.end) }] : [row];
  });
  return { rows: found, more: hits.length > limit };
}

/** A text around a hit. The engine counts bytes of UTF-8. */
function cut(text: string, start: number, end: number): [string, string, string] {
  const bytes = new TextEncoder().encode(text);
  const part = (from: number, to?: number) => new TextDecoder().decode(bytes.slice(from, to));
  return [part(0, start), part(start, end), part(end)];
}

async function peopleRows(people: Stored<Person>[]): Promise<Row[]> {
  const names = await namesOf("organisation", people.map((person) => person.organisation));
  return people.map((person) => ({
    reference: `person:${person.id}`,
    name: [person.given_name, person.family_name].filter(Boolean).join(" "),
    under: [person.job_title, names.get(person.organisation ?? "")].filter(Boolean).join(" · ") || "Private person",
  }));
}

function organisationRow(organisation: Stored<Organisation>): Row {
  const place = organisation.addresses?.[0]?.locality;
  return {
    reference: `organisation:${organisation.id}`,
    name: organisation.name,
    under: [organisation.industry, place].filter(Boolean).join(" · ") || "Organisation",
  };
}
