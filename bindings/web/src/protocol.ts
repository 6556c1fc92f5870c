/** The messages between a page and its Worker, and between the tabs of a site. */

import type { SessionRef } from "./engine.js";
import type { ErrorFields } from "./error.js";

/** What is asked of the database. `epoch` counts the interrupts that came before it. */
export type Body =
  | { operation: string; input: string; session: SessionRef; progress: boolean }
  | { begin: SessionRef }
  | { end: string }
  | { export: true }
  | { import: Uint8Array; key?: string }
  | { exportKey: true }
  | { settings: true };

/** A request of a page. */
export type Request = { id: number; epoch: number } & Body;

/** The answer: the text of an envelope for a call, bytes for an export, an error when there is no envelope. */
export type Answer = { id: number; result: unknown } | { id: number; error: ErrorFields };

/** How far a call is. */
export interface Progress {
  id: number;
  progress: string;
}

/** New entries of the journal: the sequence of the first, and the one after the last. */
export interface Commit {
  from: number;
  to: number;
}

/** The first message to a Worker. */
export interface Opening {
  open: {
    storage: "memory" | "opfs";
    name: string;
    engine: Record<string, unknown>;
    bytes?: Uint8Array;
    wasm?: string | WebAssembly.Module;
    /** A counter of interrupts that both sides see, on pages that may share memory. */
    interrupts?: SharedArrayBuffer;
  };
}

export type ToWorker = Opening | Request | { close: true };

/** What a Worker tells its page. After `trapped` it is gone, and what was not answered has not begun. */
export type FromWorker =
  | Answer
  | Progress
  | { opened: true }
  | { failed: ErrorFields }
  | { commit: Commit }
  | { leader: boolean }
  | { trapped: true }
  | { closed: true };

/** What the Workers of one database tell each other. The leader is the one that has the files. */
export type BetweenTabs =
  | { hello: string }
  | { leader: string }
  | { to: string; from: string; request: Request }
  | { to: string; started: number; repeatable: boolean }
  | { to: string; answer: Answer | Progress }
  | { commit: Commit };
