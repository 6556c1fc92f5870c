/** The engine in a dedicated Worker: for browsers. */

import type { Backend, OnProgress } from "./backend.js";
import type { SessionRef } from "./engine.js";
import { CrmError, closed, crmError } from "./error.js";
import type { Body, Commit, FromWorker, Opening, Request } from "./protocol.js";

/** A request that waits for its answer. */
interface Waiting {
  request: Request;
  resolve: (result: unknown) => void;
  reject: (error: CrmError) => void;
  progress: OnProgress | undefined;
}

/** A database behind a Worker of its own. When the engine dies, another Worker opens the files again. */
export class InWorker implements Backend {
  leads = false;
  onCommit: (commit: Commit) => void = () => {};
  private worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly interrupts: Int32Array | undefined;
  private nextId = 1;
  private state: "opening" | "open" | "closed" = "opening";
  private settle: { resolve: () => void; reject: (error: CrmError) => void } | undefined;
  private whenClosed: (() => void) | undefined;
  /** Resolves when the database is open, here or in another tab. */
  readonly opened: Promise<void>;

  constructor(
    private readonly make: () => Worker,
    private readonly opening: Opening["open"],
  ) {
    // Memory is shared only with pages that are isolated from other origins.
    if (globalThis.crossOriginIsolated) {
      opening.interrupts = new SharedArrayBuffer(4);
      this.interrupts = new Int32Array(opening.interrupts);
    }
    this.opened = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.worker = this.start();
  }

  call(session: SessionRef, operation: string, input: string, progress?: OnProgress): Promise<string> {
    const body = { session, operation, input, progress: progress !== undefined };
    return this.send(body, progress) as Promise<string>;
  }

  ask(body: Exclude<Body, { operation: string }>): Promise<unknown> {
    return this.send(body, undefined);
  }

  interrupt(): boolean {
    if (!this.interrupts) return false;
    Atomics.add(this.interrupts, 0, 1);
    return true;
  }

  close(): Promise<void> {
    if (this.state === "closed") return Promise.resolve();
    const done = new Promise<void>((resolve) => (this.whenClosed = resolve));
    // Calls that were made before are answered first.
    this.worker.postMessage({ close: true });
    this.state = "closed";
    return done;
  }

  private send(body: Body, progress: OnProgress | undefined): Promise<unknown> {
    if (this.state === "closed") return Promise.reject(closed());
    const epoch = this.interrupts ? Atomics.load(this.interrupts, 0) : 0;
    const request: Request = { id: this.nextId++, epoch, ...body };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { request, resolve, reject, progress });
      this.worker.postMessage(request);
    });
  }

  private start(): Worker {
    const worker = this.make();
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data);
    worker.onerror = () => {
      const reason = "the Worker could not be started; see the option `worker`";
      this.end(crmError("io", "surface.worker", reason, "worker"));
    };
    worker.postMessage({ open: this.opening } satisfies Opening);
    return worker;
  }

  private hear(message: FromWorker): void {
    if ("id" in message) this.answer(message);
    else if ("commit" in message) this.onCommit(message.commit);
    else if ("leader" in message) this.leads = message.leader;
    else if ("opened" in message) this.settled();
    else if ("failed" in message) this.end(new CrmError(message.failed));
    else if ("trapped" in message) this.restart();
    else this.end(closed());
  }

  private answer(message: Extract<FromWorker, { id: number }>): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if ("progress" in message) {
      // Without memory that both sides see, the Worker cannot hear an answer while it works.
      if (waiting.progress?.(JSON.parse(message.progress)) === false) this.interrupt();
      return;
    }
    this.waiting.delete(message.id);
    if ("error" in message) waiting.reject(new CrmError(message.error));
    else waiting.resolve(message.result);
  }

  private settled(): void {
    if (this.state === "opening") this.state = "open";
    this.settle?.resolve();
  }

  /** Opens the files again in a fresh Worker, which gets what the dead one had not begun. */
  private restart(): void {
    this.worker.terminate();
    this.leads = false;
    this.worker = this.start();
    for (const { request } of this.waiting.values()) this.worker.postMessage(request);
    if (this.state === "closed") this.worker.postMessage({ close: true });
  }

  /** Nothing more will come. */
  private end(error: CrmError): void {
    this.state = "closed";
    this.worker.terminate();
    this.settle?.reject(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.whenClosed?.();
  }
}
