/** The panel of a deal: what it is, how it went through the stages, and what happened. */

import { useEffect, useRef } from "preact/hooks";
import { crm, useLive } from "../crm";
import { day, money } from "../format";
import { namesOf } from "../names";
import { to } from "../route";
import { Facts } from "../contacts/parts";
import { Icon } from "../ui/icons";
import { Timeline } from "../ui/timeline";
import type { Column } from "./board";
import { subject } from "./card";
import type { Moves } from "./move";

async function read(id: string) {
  const deal = await crm.deals.get(id);
  const [organisations, people, owners, history, reason] = await Promise.all([
    namesOf("organisation", [deal.organisation]),
    namesOf("person", [deal.person]),
    namesOf("user", [deal.owner]),
    crm.deals.stageHistory({ deal: id }),
    deal.lost_reason ? crm.lostReasons.find(deal.lost_reason) : null,
  ]);
  return {
    deal,
    organisation: organisations.get(deal.organisation ?? ""),
    person: people.get(deal.person ?? ""),
    owner: owners.get(deal.owner ?? ""),
    history,
    reason: reason?.name,
  };
}

interface Props {
  id: string;
  columns: Column[];
  moves: Moves;
  close: () => void;
}

export function DealPanel({ id, columns, moves, close }: Props) {
  const panel = useRef<HTMLElement>(null);
  const found = useLive(() => read(id), [id]);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    const escape = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
    };
    addEventListener("keydown", escape);
    return () => removeEventListener("keydown", escape);
  }, [id]);
  return (
    <aside class="panel" ref={panel} tabIndex={-1} aria-label="Deal">
      <button class="icon-button" aria-label="Close" onClick={close}>
        <Icon name="close" />
      </button>
      {found && (
        <article class="card">
          <header>
            <p class="over-title">
              {found.organisation && <a href={to("contacts", `organisation:${found.deal.organisation}`)}>{found.organisation}</a>}
            </p>
            <h2>{subject(found.deal.name, found.organisation)}</h2>
            <p class="price">{money(found.deal.amount)}</p>
          </header>
          <label class="picker wide">
            <span>Stage</span>
            <select value={found.deal.stage} onChange={(event) => void chosen(event.currentTarget)}>
              {columns.map((column) => (
                <option key={column.stage} value={column.stage}>
                  {column.name}
                </option>
              ))}
            </select>
          </label>
          <Facts
            facts={[
              ["Expected close", found.deal.expected_close_date && day(found.deal.expected_close_date)],
              ["Next step", found.deal.next_step],
              ["Lost because of", found.reason],
              ["Came by", found.deal.source],
              ["Owner", found.owner],
            ]}
          />
          {found.person && (
            <p class="contact-line">
              <Icon name="people" size={16} /> <a href={to("contacts", `person:${found.deal.person}`)}>{found.person}</a>
            </p>
          )}
          {found.history.length > 1 && (
            <section class="section" aria-label="Stages">
              <h3>Stages</h3>
              <ol class="stages">
                {found.history.map((span) => (
                  <li key={span.entered_at} class={span.left_at ? "" : "now"}>
                    <b>{span.name}</b> <small>{lasting(span.seconds)}</small>
                  </li>
                ))}
              </ol>
            </section>
          )}
          <Timeline subject={`deal:${id}`} />
        </article>
      )}
    </aside>
  );

  async function chosen(select: HTMLSelectElement): Promise<void> {
    if (!found) return;
    await moves.move(found.deal, select.value);
    // A move that was refused leaves the deal where it is, and so the field.
    select.value = (await crm.deals.get(id)).stage;
  }
}

/** How long something lasted, in its largest unit. */
function lasting(seconds: number): string {
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const) {
    const amount = Math.floor(seconds / size);
    if (amount >= 1) return new Intl.NumberFormat(navigator.language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
  }
  return "a moment";
}
