/** The cases: who waits for an answer, and the conversation of the one that is chosen. */

import type { Case, Stored } from "crm-core";
import { useState } from "preact/hooks";
import { crm, useLive } from "../crm";
import { ago } from "../format";
import { namesOf } from "../names";
import { go, to } from "../route";
import { StatusChip } from "../ui/chips";
import { Icon } from "../ui/icons";
import { Conversation } from "./conversation";

const PAGE = 50;

/** How cases are chosen, by the type of their status. */
const FILTERS = [
  { key: "open", name: "To do", filter: 'status_type = "open"' },
  { key: "pending", name: "Waiting", filter: 'status_type in ("pending", "on_hold")' },
  { key: "done", name: "Done", filter: 'status_type in ("resolved", "closed")' },
  { key: "all", name: "All", filter: "true" },
] as const;

async function read(filter: string, limit: number) {
  const page = await crm.cases.list({ filter, sort: ["-opened_at"], limit });
  const [people, organisations, statuses] = await Promise.all([
    namesOf("person", page.records.map((one) => one.requester)),
    namesOf("organisation", page.records.map((one) => one.organisation)),
    crm.caseStatuses.list({ limit: 100 }),
  ]);
  return { cases: page.records, more: !!page.next, people, organisations, statuses: new Map(statuses.records.map((one) => [one.id, one])) };
}

/** The view of cases. `filter` is one of the keys above; `caseId` the case that is shown. */
export function Cases({ filter, caseId }: { filter: string; caseId?: string }) {
  const [limit, setLimit] = useState(PAGE);
  const chosen = FILTERS.find((one) => one.key === filter) ?? FILTERS[0];
  const found = useLive(() => read(chosen.filter, limit), [chosen, limit]);
  const counts = useLive(() => Promise.all(FILTERS.map((one) => crm.cases.count(one.filter))), []);
  return (
    <div class={caseId ? "split chosen" : "split"}>
      <section class="list" aria-label="Cases">
        <header class="list-head">
          <h1>Cases</h1>
          <div class="tabs" role="group" aria-label="Which cases">
            {FILTERS.map((one, at) => (
              <button key={one.key} aria-pressed={one === chosen} onClick={() => go("cases", one.key, ...(caseId ? [caseId] : []))}>
                {one.name} <span>{counts?.[at] ?? ""}</span>
              </button>
            ))}
          </div>
        </header>
        <ul class="rows">
          {found?.cases.map((one) => (
            <li key={one.id}>
              <a class="row case-row" href={to("cases", chosen.key, one.id)} aria-current={one.id === caseId ? "true" : undefined}>
                <span class={`priority ${one.priority ?? "normal"}`} title={`Priority: ${one.priority ?? "normal"}`} />
                <span class="row-text">
                  <b>{one.subject}</b>
                  <small>{who(one, found)}</small>
                  <span class="row-foot">
                    <StatusChip status={found.statuses.get(one.status)} />
                    {(one.priority === "urgent" || one.priority === "high") && <em class={one.priority}>{one.priority}</em>}
                    <time dateTime={one.opened_at}>{one.opened_at ? ago(one.opened_at) : ""}</time>
                  </span>
                </span>
              </a>
            </li>
          ))}
          {found?.more && (
            <li>
              <button class="quiet" onClick={() => setLimit(limit + 2 * PAGE)}>
                Show more
              </button>
            </li>
          )}
        </ul>
      </section>
      <section class="detail" aria-label="Case">
        {caseId ? (
          <>
            <a class="back" href={to("cases", chosen.key)}>
              <Icon name="back" /> All cases
            </a>
            <Conversation key={caseId} id={caseId} />
          </>
        ) : (
          <div class="empty">
            <Icon name="cases" size={40} />
            <p>{counts ? `${counts[0]} cases wait for you.` : ""}</p>
            <p>Choose one to read what was said.</p>
          </div>
        )}
      </section>
    </div>
  );
}

function who(one: Stored<Case>, names: { people: Map<string, string>; organisations: Map<string, string> }): string {
  return [names.people.get(one.requester ?? ""), names.organisations.get(one.organisation ?? "")].filter(Boolean).join(" · ");
}
