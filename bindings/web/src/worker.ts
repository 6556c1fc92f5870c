/** The dedicated Worker: the engine, the files, and this tab's place among the others. */

import { Engine } from "./engine.js";
import { asCrmError, crmError } from "./error.js";
import { MemoryStorage, type Storage, carryOut } from "./host.js";
import { wasmUrl } from "./locate.js";
import { Keys, OpfsStorage } from "./opfs.js";
import { freshKey } from "./options.js";
import type { Answer, FromWorker, Opening, Progress, Request, ToWorker } from "./protocol.js";
import { Tabs } from "./tabs.js";

/** The part of a Worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  close(): void;
}

const page = globalThis as unknown as Scope;

/** One database behind one page. */
class DatabaseWorker {
  private engine: Engine | undefined;
  private storage: Storage | undefined;
  private tabs: Tabs | undefined;
  private readonly interrupts: Int32Array | undefined;
  /** An import takes several turns; what comes meanwhile waits. */
  private turn: Promise<void> | undefined;

  constructor(private readonly opening: Opening["open"]) {
    if (opening.interrupts) this.interrupts = new Int32Array(opening.interrupts);
  }

  /** Opens the database, or finds the tab that has it open. */
  async open(): Promise<void> {
    const { storage, name, engine: options, bytes } = this.opening;
    if (storage === "memory") {
      const engine = await this.load();
      const own = { ...options, key: options.key ?? freshKey() };
      engine.open(own, bytes);
      this.storage = new MemoryStorage(engine, own);
      page.postMessage({ opened: true });
      return;
    }
    if (!navigator.locks || typeof BroadcastChannel === "undefined") {
      throw crmError("io", "storage.opfs", "the browser has no Web Locks here: it takes a secure page");
    }
    this.tabs = new Tabs(name, {
      lead: () => this.lead(),
      carryOut: (request, from) => this.carryOut(request, from),
      isRepeatable: (request) => !("operation" in request) || this.engine?.isQuery(request.operation) === true,
      deliver: (answer) => page.postMessage(answer, transferred(answer)),
      committed: (commit) => page.postMessage({ commit }),
      failed: (failed) => page.postMessage({ failed }),
      ready: (leader) => {
        page.postMessage({ leader });
        page.postMessage({ opened: true });
      },
    });
    this.tabs.join();
  }

  /** A request of the page. */
  request(request: Request): void {
    if (this.tabs) this.tabs.send(request);
    else this.carryOut(request, null);
  }

  close(): void {
    try {
      if (this.storage instanceof OpfsStorage) this.storage.close();
      else this.engine?.close();
    } finally {
      this.tabs?.close();
      page.postMessage({ closed: true });
      page.close();
    }
  }

  /** Takes the files: this Worker is the leader now. */
  private async lead(): Promise<void> {
    const { name, engine: options } = this.opening;
    // What lies beside the files is looked up while the module compiles.
    const keys = Keys.of(name);
    keys.catch(() => {});
    const engine = await this.load();
    this.storage = await OpfsStorage.open(engine, name, await keys, { ...options });
  }

  private async load(): Promise<Engine> {
    const { wasm } = this.opening;
    const module = wasm instanceof WebAssembly.Module ? wasm : await compiled(wasm ?? wasmUrl);
    const engine = new Engine(module);
    engine.onCommit = (from, to) => {
      page.postMessage({ commit: { from, to } });
      this.tabs?.announce({ from, to });
    };
    this.engine = engine;
    return engine;
  }

  private carryOut(request: Request, from: string | null): void {
    if (this.turn) {
      void this.turn.then(() => this.carryOut(request, from));
      return;
    }
    const { engine, storage } = this;
    if (!engine || !storage) return this.answer(request, from, () => Promise.reject(crmError("busy", "storage.busy", "the database is not open yet")));
    this.answer(request, from, () => {
      if (from === null && this.interrupted(request)) {
        throw crmError("interrupted", "storage.interrupted", "the call was interrupted before it began");
      }
      return carryOut(engine, storage, request, (progress) => {
        this.send({ id: request.id, progress }, from);
        return from !== null || !this.interrupted(request);
      });
    });
  }

  /** Answers with what the work gives, now or later. */
  private answer(request: Request, from: string | null, work: () => unknown): void {
    const { id } = request;
    try {
      const result = work();
      if (!(result instanceof Promise)) return this.send({ id, result }, from);
      this.turn = result.then(
        () => this.send({ id, result: null }, from),
        (caught: unknown) => this.refuse(id, from, caught),
      );
      void this.turn.then(() => (this.turn = undefined));
    } catch (caught) {
      this.refuse(id, from, caught);
    }
  }

  private refuse(id: number, from: string | null, caught: unknown): void {
    this.send({ id, error: asCrmError(caught).toJSON() }, from);
    if (!this.tabs || !this.engine?.isLost) return;
    // The dead instance still holds the files; they are let go with this Worker.
    page.postMessage({ trapped: true });
    this.tabs.close();
    page.close();
  }

  private send(answer: Answer | Progress, to: string | null): void {
    if (this.tabs) this.tabs.answer(answer, to);
    else page.postMessage(answer, transferred(answer));
  }

  /** Whether the page has interrupted since it sent the request. */
  private interrupted(request: Request): boolean {
    return this.interrupts !== undefined && Atomics.load(this.interrupts, 0) !== request.epoch;
  }
}

/** The memory of exported bytes is handed over instead of copied. */
function transferred(answer: Answer | Progress): Transferable[] {
  return "result" in answer && answer.result instanceof Uint8Array ? [answer.result.buffer] : [];
}

/** The compiled module; servers that send another media type than application/wasm are put up with. */
async function compiled(url: string | URL): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(url);
    if (!response.ok) throw new TypeError(`status ${response.status}`);
  } catch {
    throw crmError("io", "surface.wasm", "the WebAssembly file could not be loaded; see the option `wasm`", "wasm");
  }
  // A response that is read only once is compiled while it arrives, and the browser keeps the machine code.
  if (response.headers.get("Content-Type")?.startsWith("application/wasm")) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

let worker: DatabaseWorker | undefined;

page.onmessage = ({ data }) => {
  if ("open" in data) {
    worker = new DatabaseWorker(data.open);
    worker.open().catch((caught: unknown) => page.postMessage({ failed: asCrmError(caught).toJSON() }));
  } else if ("close" in data) {
    worker?.close();
  } else {
    worker?.request(data);
  }
};
