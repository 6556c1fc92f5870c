/** The engine in this thread: for Node. */

import type { Backend, OnProgress } from "./backend.js";
import type { Engine, SessionRef } from "./engine.js";
import { closed } from "./error.js";
import { MemoryStorage, carryOut } from "./host.js";
import type { Body, Commit } from "./protocol.js";

/** A database in the memory of this thread. */
export class InThread implements Backend {
  readonly leads = true;
  onCommit: (commit: Commit) => void = () => {};
  private readonly storage: MemoryStorage;
  private open = true;

  constructor(
    private readonly engine: Engine,
    options: Record<string, unknown>,
    bytes?: Uint8Array,
  ) {
    engine.onCommit = (from, to) => this.onCommit({ from, to });
    engine.open(options, bytes);
    this.storage = new MemoryStorage(engine, options);
  }

  async call(session: SessionRef, operation: string, input: string, progress?: OnProgress): Promise<string> {
    if (!this.open) throw closed();
    const told = progress && ((done: string) => progress(JSON.parse(done)) !== false);
    return this.engine.call(session, operation, input, told);
  }

  async ask(body: Exclude<Body, { operation: string }>): Promise<unknown> {
    if (!this.open) throw closed();
    return carryOut(this.engine, this.storage, { id: 0, epoch: 0, ...body }, () => true);
  }

  interrupt(): boolean {
    this.engine.interrupt();
    return true;
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.engine.close();
  }
}
