/** What a handle of a database talks to: the engine in this thread, or a Worker that has it. */

import type { SessionRef } from "./engine.js";
import type { Body, Commit } from "./protocol.js";

/** Told how far a call is; `false` stops it where that is possible. */
export type OnProgress = (done: Record<string, unknown>) => boolean | void;

/** Where requests are carried out. */
export interface Backend {
  /** Runs an operation; gives the text of the envelope. */
  call(session: SessionRef, operation: string, input: string, progress?: OnProgress): Promise<string>;
  /** Carries out any other request. */
  ask(body: Exclude<Body, { operation: string }>): Promise<unknown>;
  /** Stops the calls that were made before; gives whether that is possible here. */
  interrupt(): boolean;
  /** Whether this handle has the files, and other tabs ask it. */
  readonly leads: boolean;
  /** Closes the database. A second call does nothing. */
  close(): Promise<void>;
  /** Told of commits. */
  onCommit: (commit: Commit) => void;
}
