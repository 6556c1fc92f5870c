/** Names of linked records: read once for all that a view shows, not one by one. */

import { crm } from "./crm";

type Named = { id: string; name: string };

/** The text of a filter that takes these records. */
export function oneOf(ids: string[]): string {
  return `id in (${ids.map((id) => `"${id}"`).join(", ")})`;
}

const readers: Record<string, (ids: string[]) => Promise<Named[]>> = {
  person: async (ids) =>
    (await crm.people.list({ filter: oneOf(ids), limit: ids.length })).records.map((person) => ({
      id: person.id,
      name: [person.given_name, person.family_name].filter(Boolean).join(" "),
    })),
  organisation: async (ids) => (await crm.organisations.list({ filter: oneOf(ids), limit: ids.length })).records,
  user: async (ids) => (await crm.users.list({ filter: oneOf(ids), limit: ids.length })).records,
  queue: async (ids) => (await crm.queues.list({ filter: oneOf(ids), limit: ids.length })).records,
  stage: async (ids) => (await crm.stages.list({ filter: oneOf(ids), limit: ids.length })).records,
};

/** The names of records of a type, by their identifiers. */
export async function namesOf(type: keyof typeof readers & string, ids: (string | undefined)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id): id is string => !!id))];
  if (wanted.length === 0) return new Map();
  const found = await readers[type]!(wanted);
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** The records of a list in the order of a search, which knows their identifiers only. */
export function inOrder<R extends { id: string }>(records: R[], ids: string[]): R[] {
  const place = new Map(ids.map((id, at) => [id, at]));
  return [...records].sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
}
