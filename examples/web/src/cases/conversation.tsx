/** A case: what was asked, what was answered, what was noted, and the next word. */

import type { CaseMessage, ThreadEntry } from "crm-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { attempt, crm, useLive } from "../crm";
import { label, moment } from "../format";
import { namesOf } from "../names";
import { to } from "../route";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";

async function read(id: string) {
  const one = await crm.cases.get(id);
  const thread = await crm.cases.thread({ case: id });
  const authors = thread.map((entry) => entry.message.author ?? "");
  const ids = (type: string) => authors.filter((author) => author.startsWith(`${type}:`)).map((author) => author.split(":")[1]);
  const [people, users, organisations, queues, statuses] = await Promise.all([
    namesOf("person", [one.requester, ...ids("person")]),
    namesOf("user", [one.owner, ...ids("user")]),
    namesOf("organisation", [one.organisation]),
    namesOf("queue", [one.queue]),
    crm.caseStatuses.list({ sort: ["position"], limit: 100 }),
  ]);
  return { one, thread, people, users, organisations, queues, statuses: statuses.records };
}

type Found = Awaited<ReturnType<typeof read>>;

export function Conversation({ id }: { id: string }) {
  const found = useLive(() => read(id), [id]);
  const end = useRef<HTMLDivElement>(null);
  const length = found?.thread.length;
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [length]);
  if (!found) return null;
  const { one } = found;
  const requester = found.people.get(one.requester ?? "") ?? "The requester";
  return (
    <article class="case">
      <header class="case-head">
        <div>
          <p class="over-title">
            {one.number} · {label(one.channel ?? "other")}
            {one.queue && ` · ${found.queues.get(one.queue)}`}
          </p>
          <h2>{one.subject}</h2>
          <p>
            {one.requester && <a href={to("contacts", `person:${one.requester}`)}>{requester}</a>}
            {one.organisation && " · "}
            {one.organisation && <a href={to("contacts", `organisation:${one.organisation}`)}>{found.organisations.get(one.organisation)}</a>}
          </p>
        </div>
        <div class="case-state">
          <label class="picker">
            <span>Status</span>
            <select value={one.status} onChange={(event) => setStatus(id, event.currentTarget.value)}>
              {found.statuses.map((status) => (
                <option key={status.id} value={status.id}>
                  {status.name}
                </option>
              ))}
            </select>
          </label>
          <p class="assignee">{one.owner ? `Assigned to ${found.users.get(one.owner)}` : "Not assigned"}</p>
        </div>
      </header>
      <ol class="thread">
        {one.description && <Bubble side="inbound" author={requester} at={one.opened_at} text={one.description} />}
        {found.thread.map(({ message }: ThreadEntry) => (
          <Bubble
            key={message.id}
            side={message.direction ?? "inbound"}
            author={authorOf(message, found)}
            at={message.sent_at ?? message.created_at}
            text={message.body ?? ""}
          />
        ))}
      </ol>
      <div ref={end} />
      <Answer id={id} />
    </article>
  );
}

function setStatus(id: string, status: string): void {
  attempt(() => crm.cases.setStatus({ case: id, status }));
}

function authorOf(message: CaseMessage, { people, users }: Found): string {
  const [type, id] = (message.author ?? "").split(":");
  return (type === "user" ? users.get(id ?? "") : people.get(id ?? "")) ?? "You";
}

interface BubbleProps {
  side: "inbound" | "outbound" | "note";
  author: string;
  at: string | undefined;
  text: string;
}

function Bubble({ side, author, at, text }: BubbleProps) {
  return (
    <li class={`bubble ${side}`}>
      <Avatar name={author} size={32} />
      <div>
        <p class="meta">
          <b>{author}</b>
          {side === "note" && (
            <em>
              <Icon name="lock" size={12} /> internal note
            </em>
          )}
          {at && <time dateTime={at}>{moment(at)}</time>}
        </p>
        <p class="words">{text}</p>
      </div>
    </li>
  );
}

function Answer({ id }: { id: string }) {
  const [text, setText] = useState("");
  const [internal, setInternal] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    const body = text.trim();
    if (!body) return;
    attempt(async () => {
      if (internal) await crm.cases.note({ case: id, body });
      else await crm.cases.reply({ case: id, body });
      setText("");
    });
  };
  return (
    <form class={internal ? "answer internal" : "answer"} onSubmit={send}>
      <div class="tabs" role="group" aria-label="What kind of message">
        <button type="button" aria-pressed={!internal} onClick={() => setInternal(false)}>
          Reply
        </button>
        <button type="button" aria-pressed={internal} onClick={() => setInternal(true)}>
          Internal note
        </button>
      </div>
      <textarea
        rows={3}
        aria-label={internal ? "Internal note" : "Reply"}
        placeholder={internal ? "Only your team reads this…" : "Write an answer…"}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && send(event)}
      />
      <footer>
        <small>Ctrl + Enter sends</small>
        <button class="primary" disabled={!text.trim()}>
          <Icon name="send" size={16} /> {internal ? "Add note" : "Send"}
        </button>
      </footer>
    </form>
  );
}
