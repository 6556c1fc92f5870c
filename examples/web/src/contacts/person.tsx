/** The card of a person. */

import { crm, useLive } from "../crm";
import { namesOf } from "../names";
import { to } from "../route";
import { Avatar } from "../ui/avatar";
import { Timeline } from "../ui/timeline";
import { Addresses, Emails, Facts, Phones, Tags } from "./parts";
import { CaseList, DealList } from "./related";

async function read(id: string) {
  const person = await crm.people.get(id);
  const [organisations, owners] = await Promise.all([
    namesOf("organisation", [person.organisation]),
    namesOf("user", [person.owner]),
  ]);
  return { person, organisation: organisations.get(person.organisation ?? ""), owner: owners.get(person.owner ?? "") };
}

export function PersonCard({ id }: { id: string }) {
  const found = useLive(() => read(id), [id]);
  if (!found) return null;
  const { person, organisation, owner } = found;
  const name = [person.given_name, person.middle_name, person.family_name].filter(Boolean).join(" ");
  return (
    <article class="card">
      <header class="card-head">
        <Avatar name={name} size={64} />
        <div>
          <h2>{name}</h2>
          <p>
            {person.job_title}
            {person.job_title && organisation ? " at " : ""}
            {organisation && <a href={to("contacts", `organisation:${person.organisation}`)}>{organisation}</a>}
          </p>
          <Tags tags={person.tags} />
        </div>
      </header>
      <div class="reach">
        <Emails emails={person.emails} />
        <Phones phones={person.phones} />
        <Addresses addresses={person.addresses} />
      </div>
      {person.description && <p class="remark">{person.description}</p>}
      <Facts
        facts={[
          ["Department", person.department],
          ["Language", person.language && new Intl.DisplayNames(navigator.language, { type: "language" }).of(person.language)],
          ["Came by", person.source],
          ["Looked after by", owner],
        ]}
      />
      <DealList filter={`person = "${id}"`} />
      <CaseList filter={`requester = "${id}"`} />
      <Timeline subject={`person:${id}`} />
    </article>
  );
}
