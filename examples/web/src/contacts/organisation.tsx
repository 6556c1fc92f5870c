/** The card of an organisation, with its people. */

import { crm, useLive } from "../crm";
import { count, money } from "../format";
import { namesOf } from "../names";
import { to } from "../route";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Timeline } from "../ui/timeline";
import { Addresses, Emails, Facts, Phones, Tags } from "./parts";
import { CaseList, DealList } from "./related";

async function read(id: string) {
  const organisation = await crm.organisations.get(id);
  const [parents, owners, people] = await Promise.all([
    namesOf("organisation", [organisation.parent]),
    namesOf("user", [organisation.owner]),
    crm.organisations.people({ id, limit: 100 }),
  ]);
  return {
    organisation,
    parent: parents.get(organisation.parent ?? ""),
    owner: owners.get(organisation.owner ?? ""),
    people: people.members,
  };
}

export function OrganisationCard({ id }: { id: string }) {
  const found = useLive(() => read(id), [id]);
  if (!found) return null;
  const { organisation, parent, owner, people } = found;
  const site = organisation.website;
  return (
    <article class="card">
      <header class="card-head">
        <Avatar name={organisation.name} square size={64} />
        <div>
          <h2>{organisation.name}</h2>
          <p>
            {organisation.industry}
            {parent && " · part of "}
            {parent && <a href={to("contacts", `organisation:${organisation.parent}`)}>{parent}</a>}
          </p>
          <Tags tags={organisation.tags} />
        </div>
      </header>
      <div class="reach">
        <Emails emails={organisation.emails} />
        <Phones phones={organisation.phones} />
        {site && (
          <a class="chip" href={site} target="_blank" rel="noreferrer">
            <Icon name="globe" size={16} /> {site.replace(/^https?:\/\//, "")}
          </a>
        )}
        <Addresses addresses={organisation.addresses} />
      </div>
      <Facts
        facts={[
          ["Employees", organisation.employees?.toLocaleString(navigator.language)],
          ["Revenue", organisation.annual_revenue && money(organisation.annual_revenue)],
          ["VAT number", organisation.vat_number],
          ["Looked after by", owner],
        ]}
      />
      {people.length > 0 && (
        <section class="section" aria-label="People">
          <h3>{count(people.length, "person", "people")}</h3>
          <ul class="members">
            {people.map((member) => (
              <li key={member.person}>
                <a href={to("contacts", `person:${member.person}`)}>
                  <Avatar name={member.name} size={32} />
                  <span>
                    <b>{member.name}</b>
                    <small>{member.role}</small>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <DealList filter={`organisation = "${id}"`} />
      <CaseList filter={`organisation = "${id}"`} />
      <Timeline subject={`organisation:${id}`} />
    </article>
  );
}
