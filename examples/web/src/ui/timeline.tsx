/** What happened with a record, the newest first: activities, messages, changes. And a place to write a note. */

import type { TimelineItem, TimelineValue } from "crm-core";
import { useState } from "preact/hooks";
import { attempt, crm, useLive } from "../crm";
import { ago, day, label, moment, money } from "../format";
import { oneOf } from "../names";
import { placeOf, to } from "../route";
import { Icon, type IconName } from "./icons";

const ICONS: Record<string, IconName> = {
  note: "note",
  task: "task",
  call: "phone",
  meeting: "meeting",
  change: "change",
  case: "cases",
  case_message: "mail",
};

/** Reads a timeline, and the cases that its messages belong to. */
async function read(subject: string, limit: number) {
  const { records, next } = await crm.timeline.list({ subject, limit, with_people: subject.startsWith("organisation:") });
  const messages = records.filter((item) => item.kind === "case_message").map((item) => item.record.split(":")[1]!);
  const cases = new Map<string, { id: string; subject: string }>();
  if (messages.length > 0) {
    const found = (await crm.caseMessages.list({ filter: oneOf(messages), limit: messages.length })).records;
    const filter = oneOf([...new Set(found.map((message) => message.case))]);
    const subjects = new Map((await crm.cases.list({ filter, limit: 1000 })).records.map((one) => [one.id, one.subject]));
    for (const message of found) cases.set(`case_message:${message.id}`, { id: message.case, subject: subjects.get(message.case) ?? "" });
  }
  return { records, next, cases };
}

/** The timeline of a record such as `person:0192…`. */
export function Timeline({ subject }: { subject: string }) {
  const [limit, setLimit] = useState(20);
  const page = useLive(() => read(subject, limit), [subject, limit]);
  return (
    <section class="section timeline" aria-label="Timeline">
      <h3>Timeline</h3>
      <NoteBox key={subject} about={subject} />
      <ol>
        {page?.records.map((item) => (
          <Item key={`${item.kind}${item.record}${item.sequence ?? ""}`} item={item} of={page.cases.get(item.record)} />
        ))}
      </ol>
      {page?.next && (
        <button class="quiet" onClick={() => setLimit(limit + 40)}>
          Show earlier
        </button>
      )}
    </section>
  );
}

/** Fields that follow from others, and say nothing to people. */
const DERIVED = ["stage_entered_at", "last_open_stage", "closed_at", "status_type", "resolved_at", "first_response_at", "reopened_count"];

function Item({ item, of }: { item: TimelineItem; of?: { id: string; subject: string } }) {
  const place = of ? to("cases", "all", of.id) : item.kind === "change" ? undefined : placeOf(item.record);
  const changes = item.changes.filter((change) => !DERIVED.includes(change.field));
  if (item.operation === "update" && changes.length === 0) return null;
  const title = changes.length > 0 ? `${changes.map((change) => change.label).join(", ")} changed` : (of?.subject ?? item.title);
  return (
    <li class={item.kind === "change" ? "item change" : "item"}>
      <span class="dot">
        <Icon name={ICONS[item.kind] ?? "note"} size={14} />
      </span>
      <div>
        <p class="what">
          {place ? <a href={place}>{title}</a> : <b>{title}</b>}
          <time dateTime={item.at} title={moment(item.at)}>
            {ago(item.at)}
          </time>
        </p>
        {item.text && changes.length === 0 && item.text !== title && <p class="text">{item.text}</p>}
        {changes.slice(0, 4).map((change) => (
          <p class="text" key={change.field}>
            {changes.length > 1 && `${change.label}: `}
            <s>{shown(change.before)}</s> → {shown(change.after)}
          </p>
        ))}
        <p class="meta">
          {item.kind === "change" || label(item.kind) === title ? "" : `${label(item.kind)} · `}
          {day(item.at)}
          {item.actor_name ? ` · ${item.actor_name}` : ""}
        </p>
      </div>
    </li>
  );
}

/** A value of a change as people read it. */
function shown({ value, label: name }: TimelineValue): string {
  if (name) return name;
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "object" && "amount" in value) return money(value as { amount: string; currency: string });
  if (typeof value === "object") return Array.isArray(value) ? `${value.length} entries` : "changed";
  const text = String(value);
  return /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? day(text) : text;
}

function NoteBox({ about }: { about: string }) {
  const [text, setText] = useState("");
  const save = (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return;
    attempt(async () => {
      const [type, id] = about.split(":");
      const link = type === "person" || type === "organisation" ? { [type]: id } : {};
      await crm.notes.create({ about, body: text.trim(), ...link });
      setText("");
    });
  };
  return (
    <form class="note-box" onSubmit={save}>
      <input
        aria-label="New note"
        placeholder="Write a note…"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button disabled={!text.trim()}>Add note</button>
    </form>
  );
}
