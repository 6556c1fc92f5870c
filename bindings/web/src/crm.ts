/** The handle of an open database. */

import type { Backend, OnProgress } from "./backend.js";
import { asCrmError, closed, crmError, opened } from "./error.js";
import { Areas } from "./generated/client.js";
import type { SessionOptions } from "./options.js";
import type { Commit } from "./protocol.js";

/** What a call may be given besides its input. */
export interface CallOptions {
  /** Told how far a long call is, such as an import; gives `false` to stop it (see `Crm.interrupt`). */
  progress?: OnProgress;
}

let sessions = 0;

/** Calls in the name of somebody: `session.people.create({…})`, or any operation by its name. */
export class Session extends Areas {
  private readonly ref;
  private ended = false;

  /** Use `crm.session()`. */
  constructor(
    private readonly backend: Backend,
    options: SessionOptions,
  ) {
    super((operation, input) => this.call(operation, input));
    this.ref = { id: `${scope}${++sessions}`, options };
  }

  /** Runs an operation by its name. Gives its result. */
  async call(operation: string, input: object = {}, options: CallOptions = {}): Promise<unknown> {
    return this.callText(operation, JSON.stringify(input), options);
  }

  /** Runs an operation with the text of its input. Gives its result. */
  async callText(operation: string, input: string, options: CallOptions = {}): Promise<unknown> {
    if (this.ended) throw closed();
    if (typeof operation !== "string" || typeof input !== "string") {
      throw crmError("invalid", "input.type", "an operation takes its name and an object");
    }
    return opened(await this.backend.call(this.ref, operation, input, options.progress));
  }

  /** Begins the session in the engine, so that wrong options fail now and not with the first call. */
  async begin(): Promise<this> {
    await this.backend.ask({ begin: this.ref });
    return this;
  }

  /** Ends the session. A second call does nothing. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.backend.ask({ end: this.ref.id }).catch((caught: unknown) => {
      // With the database closed, its sessions are.
      if (asCrmError(caught).kind !== "closed") throw caught;
    });
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Sessions of different tabs meet in one engine, so their names must differ. */
const scope = `${crypto.randomUUID()}:`;

/**
 * An open database. It is a session itself, with the options `session` of `open`: `crm.people.create({…})`.
 *
 * Close it with `close()`, or let `await using` do it.
 */
export class Crm extends Session {
  private readonly listeners = new Set<(commit: Commit) => void>();

  /** Use `open()`. */
  constructor(
    private readonly database: Backend,
    session: SessionOptions,
  ) {
    super(database, session);
    database.onCommit = (commit) => {
      for (const listener of [...this.listeners]) listener(commit);
    };
  }

  /** Begins a session for somebody and a purpose. */
  session(options: SessionOptions = {}): Promise<Session> {
    return new Session(this.database, options).begin();
  }

  /**
   * Calls a function after every commit, of this tab or another, with the sequences of the new journal entries (`to` is
   * the one after the last): `crm.journal.feed({ from, limit })` reads them. Gives a function that ends it.
   */
  onCommit(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The bytes of the database, as a SQLite file holds them. Personal values in the journal need the key to be read. */
  export(): Promise<Uint8Array> {
    return this.database.ask({ export: true }) as Promise<Uint8Array>;
  }

  /**
   * Replaces the whole database by these bytes, or changes nothing when they are no database of ours. `key` is the key
   * of the database that they come from, unless it is the one of this database.
   */
  async import(bytes: Uint8Array, key?: string): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw crmError("invalid", "options.invalid", "takes a Uint8Array", "bytes");
    await this.database.ask(key === undefined ? { import: bytes } : { import: bytes, key });
  }

  /** The key that wraps the keys of data subjects, 64 hexadecimal digits. Keep it apart from exported bytes. */
  exportKey(): Promise<string> {
    return this.database.ask({ exportKey: true }) as Promise<string>;
  }

  /** The settings of SQLite, as it reads them back: for diagnostics. */
  settings(): Promise<Record<string, string>> {
    return this.database.ask({ settings: true }) as Promise<Record<string, string>>;
  }

  /**
   * Stops the calls that were made before: those that wait, and a long one that reports its progress. Gives whether that is
   * possible: in a browser only on a page that is isolated from other origins (`crossOriginIsolated`).
   */
  interrupt(): boolean {
    return this.database.interrupt();
  }

  /** Whether the files are open in this tab, and other tabs ask it. */
  get leads(): boolean {
    return this.database.leads;
  }

  /** Closes the database; calls that were made before are answered first. A second call does nothing. */
  override close(): Promise<void> {
    return this.database.close();
  }
}
