/** One instance of the engine in this thread, and what happens when it dies. */

import { CrmError, type ErrorFields, closed, crmError } from "./error.js";
import { type Glue, type GlueDatabase, type GlueSession, glue } from "./glue.js";
import type { SessionOptions } from "./options.js";

/** A session by a name of the caller's; the options make it anew in another instance. */
export interface SessionRef {
  id: string;
  options: SessionOptions;
}

/** Told how far a call is, as the text of an object with counts; `false` stops it. */
export type ProgressText = (done: string) => boolean;

/**
 * The engine, one database at a time. A trap (a defect, or no memory left) leaves an instance of WebAssembly in an unknown
 * state, so it is thrown away: the call fails with `surface.panic`, and the next `open` begins with a fresh one.
 */
export class Engine {
  onCommit: (from: number, to: number) => void = () => {};
  private instance: Glue | undefined;
  private database: GlueDatabase | undefined;
  private readonly sessions = new Map<string, GlueSession>();
  private trapped = false;

  constructor(private readonly module: WebAssembly.Module) {}

  /** Whether the last instance died and took its database in memory with it. */
  get isLost(): boolean {
    return this.trapped;
  }

  /** The instance, a fresh one after a trap. */
  get wasm(): Glue {
    if (!this.instance) {
      this.instance = glue();
      this.instance.initSync({ module: this.module });
    }
    return this.instance;
  }

  /** Opens a database in the place of the one that is open, which is closed only when that has worked. */
  open(options: Record<string, unknown>, bytes?: Uint8Array): void {
    const wasm = this.wasm;
    const database = this.guarded(() => wasm.open(JSON.stringify(options), bytes));
    this.release();
    this.database = database;
    this.trapped = false;
    database.on_commit((from, to) => {
      try {
        this.onCommit(from, to);
      } catch (caught) {
        // A listener's own defect must not look like one of the engine.
        queueMicrotask(() => {
          throw caught;
        });
      }
    });
  }

  /** Begins a session, unless it was begun before. */
  begin(ref: SessionRef): GlueSession {
    const known = this.sessions.get(ref.id);
    if (known) return known;
    const database = this.usable();
    const session = this.guarded(() => database.session(JSON.stringify(ref.options)));
    this.sessions.set(ref.id, session);
    return session;
  }

  /** Ends a session. */
  end(id: string): void {
    const session = this.sessions.get(id);
    if (this.sessions.delete(id) && session) this.guarded(() => session.free());
  }

  /** Runs an operation; gives the text of the envelope. */
  call(ref: SessionRef, operation: string, input: string, progress?: ProgressText): string {
    const session = this.begin(ref);
    try {
      return progress ? session.call_with_progress(operation, input, progress) : session.call(operation, input);
    } catch (caught) {
      throw this.failure(caught);
    }
  }

  /** Whether an operation may be repeated when its answer was lost. */
  isQuery(operation: string): boolean {
    return this.guarded(() => this.wasm.is_query(operation));
  }

  /** The bytes of the database. */
  exportBytes(): Uint8Array {
    const database = this.usable();
    return this.guarded(() => database.export_bytes());
  }

  /** The settings of SQLite, as it reads them back. */
  settings(): unknown {
    const database = this.usable();
    return JSON.parse(this.guarded(() => database.settings()));
  }

  /** Stops the call that reports its progress right now. */
  interrupt(): void {
    const database = this.database;
    if (database) this.guarded(() => database.interrupt());
  }

  /** Closes the database. A second call does nothing. */
  close(): void {
    this.trapped = false;
    this.release();
  }

  /** Runs something in the instance, and throws the instance away when it trapped. */
  guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (caught) {
      throw this.failure(caught);
    }
  }

  /** The error in what came out of the instance: its own are thrown as the text of an envelope, all else is a trap. */
  failure(caught: unknown): CrmError {
    if (caught instanceof CrmError) return caught;
    if (typeof caught === "string") return new CrmError((JSON.parse(caught) as { error: ErrorFields }).error);
    this.trapped = this.database !== undefined;
    this.instance = undefined;
    this.database = undefined;
    this.sessions.clear();
    const cause = caught instanceof Error ? caught.name : typeof caught;
    const error = crmError("internal", "surface.panic", "a defect stopped the engine during the call");
    error.details.cause = cause;
    return error;
  }

  private usable(): GlueDatabase {
    if (this.database) return this.database;
    if (!this.trapped) throw closed();
    const reason = "the database in memory was lost when a defect stopped the engine; import() or open() begins anew";
    throw crmError("closed", "surface.lost", reason);
  }

  private release(): void {
    const database = this.database;
    this.database = undefined;
    for (const session of this.sessions.values()) this.guarded(() => session.free());
    this.sessions.clear();
    if (!database) return;
    this.guarded(() => {
      database.close();
      database.free();
    });
  }
}
