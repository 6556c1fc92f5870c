/**
 * Several tabs, one database: the Worker that holds the lock of its name is the leader and has the files; the others send
 * it their requests. When it ends, the browser gives the lock to the next one, which opens the files and goes on.
 */

import { type ErrorFields, asCrmError, crmError } from "./error.js";
import type { Answer, BetweenTabs, Commit, Progress, Request } from "./protocol.js";

/** What a Worker does with the database. */
export interface Member {
  /** Takes the files, because this Worker is the leader now. */
  lead(): Promise<void>;
  /** Carries out a request of any tab. It answers by `answer`, which may come before it returns. */
  carryOut(request: Request, from: string | null): void;
  /** Whether the request may be sent again when its answer was lost. */
  isRepeatable(request: Request): boolean;
  /** An answer for the page of this Worker. */
  deliver(answer: Answer | Progress): void;
  /** New entries of the journal, whoever made them. */
  committed(commit: Commit): void;
  /** The database is ready: here (`true`) or in another tab. */
  ready(leads: boolean): void;
  /** This Worker could not take the files. */
  failed(error: ErrorFields): void;
}

/** A request of this tab that waits for its answer. */
interface Waiting {
  request: Request;
  /** Whether that leader has begun with it, and what then. */
  started: "no" | "repeatable" | "once";
}

/** This tab's place among the tabs of one database. */
export class Tabs {
  private readonly self = crypto.randomUUID();
  private readonly channel: BroadcastChannel;
  private readonly waiting = new Map<number, Waiting>();
  private leader: string | null = null;
  private leave: () => void = () => {};
  private readonly abort = new AbortController();

  constructor(
    private readonly name: string,
    private readonly member: Member,
  ) {
    this.channel = new BroadcastChannel(`crm-core:${name}`);
    this.channel.onmessage = ({ data }) => this.hear(data as BetweenTabs);
  }

  /** Looks for the leader, and stands in line to become it. */
  join(): void {
    this.say({ hello: this.self });
    const line = navigator.locks.request(`crm-core:${this.name}`, { signal: this.abort.signal }, () => this.take());
    line.catch((caught: unknown) => {
      // Leaving the line is no failure.
      if (!this.abort.signal.aborted) this.member.failed(asCrmError(caught).toJSON());
    });
  }

  /** Carries a request of this tab to whoever leads. */
  send(request: Request): void {
    const waiting: Waiting = { request, started: "no" };
    this.waiting.set(request.id, waiting);
    this.forward(waiting);
  }

  /** Gives an answer to the tab that asked. */
  answer(answer: Answer | Progress, to: string | null): void {
    if (to !== null) return this.say({ to, answer });
    if (!("progress" in answer)) this.waiting.delete(answer.id);
    this.member.deliver(answer);
  }

  /** Tells all other tabs. */
  announce(commit: Commit): void {
    this.say({ commit });
  }

  /** Leaves: the next tab in line takes over. */
  close(): void {
    this.abort.abort();
    this.channel.close();
    this.leave();
  }

  /** Holds the lock as long as this Worker leads. */
  private async take(): Promise<void> {
    await this.member.lead();
    const left = new Promise<void>((resolve) => (this.leave = resolve));
    this.follow(this.self);
    this.say({ leader: this.self });
    await left;
  }

  private hear(message: BetweenTabs): void {
    if ("hello" in message) {
      if (this.leader === this.self) this.say({ leader: this.self });
    } else if ("leader" in message) {
      this.follow(message.leader);
    } else if ("commit" in message) {
      this.member.committed(message.commit);
    } else if (message.to === this.self) {
      this.hearOwn(message);
    }
  }

  private hearOwn(message: Exclude<BetweenTabs, { hello: string } | { leader: string } | { commit: Commit }>): void {
    if ("request" in message) {
      const { request, from } = message;
      // Said before it begins, so that a tab whose leader ends knows what may be sent again.
      this.say({ to: from, started: request.id, repeatable: this.member.isRepeatable(request) });
      this.member.carryOut(request, from);
    } else if ("started" in message) {
      const waiting = this.waiting.get(message.started);
      if (waiting) waiting.started = message.repeatable ? "repeatable" : "once";
    } else {
      this.answer(message.answer, null);
    }
  }

  /** Turns to a leader, and sends it what the one before has not begun. */
  private follow(leader: string): void {
    if (this.leader === leader) return;
    this.leader = leader;
    this.member.ready(leader === this.self);
    for (const waiting of [...this.waiting.values()]) {
      if (waiting.started === "once") {
        const reason = "the tab that had the database was closed during the call; it may have been carried out or not";
        const error = crmError("interrupted", "surface.leader_lost", reason).toJSON();
        this.answer({ id: waiting.request.id, error }, null);
      } else {
        this.forward(waiting);
      }
    }
  }

  private forward(waiting: Waiting): void {
    if (this.leader === null) return;
    waiting.started = "no";
    if (this.leader === this.self) return this.member.carryOut(waiting.request, null);
    this.say({ to: this.leader, from: this.self, request: waiting.request });
  }

  private say(message: BetweenTabs): void {
    this.channel.postMessage(message);
  }
}
