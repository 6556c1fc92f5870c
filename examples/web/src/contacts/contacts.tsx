/** People and organisations: search as one types, and the card of whom is chosen. */

import { useEffect, useRef, useState } from "preact/hooks";
import { crm, useLive } from "../crm";
import { go, to } from "../route";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { NewPerson } from "./new-person";
import { OrganisationCard } from "./organisation";
import { PersonCard } from "./person";
import { type Kind, type Row, listAll, search } from "./search";

const PAGE = 60;

/** The view of contacts. `reference` is the one that is shown, such as `person:0192…`. */
export function Contacts({ reference }: { reference?: string }) {
  return (
    <div class={reference ? "split chosen" : "split"}>
      <List reference={reference} />
      <section class="detail" aria-label="Contact">
        {reference ? <Card key={reference} reference={reference} /> : <Nobody />}
      </section>
    </div>
  );
}

function Card({ reference }: { reference: string }) {
  const [type, id] = reference.split(":") as [string, string];
  return (
    <>
      <a class="back" href={to("contacts")}>
        <Icon name="back" /> All contacts
      </a>
      {type === "organisation" ? <OrganisationCard id={id} /> : <PersonCard id={id} />}
    </>
  );
}

function List({ reference }: { reference?: string }) {
  const [text, setText] = useState("");
  const [kind, setKind] = useState<Kind>("person");
  const [limit, setLimit] = useState(PAGE);
  const [adding, setAdding] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const words = text.trim();
  const found = useLive(() => (words ? search(words, limit) : listAll(kind, limit)), [words, kind, limit]);
  const sizes = useLive(async () => ({ person: await crm.people.count(), organisation: await crm.organisations.count() }), []);

  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest("input, textarea, select, dialog");
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener("keydown", slash);
    return () => removeEventListener("keydown", slash);
  }, []);

  const down = (event: KeyboardEvent) => {
    if (event.key === "Escape") setText("");
    if (event.key === "Enter" && found?.rows[0]) go("contacts", found.rows[0].reference);
    if (event.key === "ArrowDown") focusRow(event, field.current?.closest(".list")?.querySelector<HTMLElement>(".row"));
  };

  return (
    <section class="list" aria-label="Contacts">
      <header class="list-head">
        <div class="title">
          <h1>Contacts</h1>
          <button class="icon-button" aria-label="New person" title="New person" onClick={() => setAdding(true)}>
            <Icon name="plus" />
          </button>
        </div>
        <label class="search">
          <Icon name="search" />
          <input
            ref={field}
            type="search"
            aria-label="Search contacts"
            placeholder="Name, company, e-mail, phone…"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setLimit(PAGE);
            }}
            onKeyDown={down}
          />
          <kbd>/</kbd>
        </label>
        {!words && (
          <div class="tabs" role="group" aria-label="Which contacts">
            {(["person", "organisation"] as const).map((one) => (
              <button key={one} aria-pressed={kind === one} onClick={() => setKind(one)}>
                {one === "person" ? "People" : "Organisations"} <span>{sizes?.[one] ?? ""}</span>
              </button>
            ))}
          </div>
        )}
        {words && found && (
          <p class="hint" role="status">
            {found.rows.length === 0 ? "Nobody found" : `${found.rows.length}${found.more ? "+" : ""} found`}
          </p>
        )}
      </header>
      {adding && <NewPerson close={() => setAdding(false)} />}
      <ul class="rows">
        {found?.rows.map((row) => (
          <li key={row.reference}>
            <RowLink row={row} here={row.reference === reference} />
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
  );
}

function RowLink({ row, here }: { row: Row; here: boolean }) {
  const move = (event: KeyboardEvent) => {
    const item = (event.currentTarget as HTMLElement).closest("li");
    if (event.key === "ArrowDown") focusRow(event, item?.nextElementSibling?.querySelector<HTMLElement>(".row"));
    if (event.key === "ArrowUp") focusRow(event, item?.previousElementSibling?.querySelector<HTMLElement>(".row"));
  };
  return (
    <a class="row" href={to("contacts", row.reference)} aria-current={here ? "true" : undefined} onKeyDown={move}>
      <Avatar name={row.name} square={row.reference.startsWith("organisation:")} />
      <span class="row-text">
        <b>{row.name}</b>
        <small>{row.under}</small>
        {row.found && (
          <small class="found">
            {row.found[0]}
            <mark>{row.found[1]}</mark>
            {row.found[2]}
          </small>
        )}
      </span>
    </a>
  );
}

function focusRow(event: Event, row: HTMLElement | null | undefined): void {
  if (!row) return;
  event.preventDefault();
  row.focus();
}

function Nobody() {
  const sizes = useLive(async () => ({ people: await crm.people.count(), organisations: await crm.organisations.count() }), []);
  return (
    <div class="empty">
      <Icon name="people" size={40} />
      <p>{sizes ? `${sizes.people} people in ${sizes.organisations} organisations.` : ""}</p>
      <p>Choose somebody, or press / and type.</p>
    </div>
  );
}
