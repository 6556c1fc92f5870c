/** Answers requests with the engine of this thread. */

import type { Engine } from "./engine.js";
import { crmError } from "./error.js";
import type { Request } from "./protocol.js";

/** Where the database lies, as far as an import or an export of the key must know. */
export interface Storage {
  /** Replaces the database by these bytes. */
  replace(bytes: Uint8Array, key: string | undefined): void | Promise<void>;
  /** The key that wraps the keys of data subjects. */
  readonly key: string;
}

/** Carries out a request. An import is the only one that takes more than one turn. */
export function carryOut(
  engine: Engine,
  storage: Storage,
  request: Request,
  progress: (done: string) => boolean,
): unknown {
  if ("operation" in request) {
    const { session, operation, input } = request;
    return engine.call(session, operation, input, request.progress ? progress : undefined);
  }
  if ("begin" in request) {
    engine.begin(request.begin);
    return null;
  }
  if ("end" in request) {
    engine.end(request.end);
    return null;
  }
  if ("export" in request) return engine.exportBytes();
  if ("import" in request) return storage.replace(request.import, request.key);
  if ("exportKey" in request) return storage.key;
  if ("settings" in request) return engine.settings();
  throw crmError("internal", "surface.message", "there is no such request");
}

/** A database in memory. */
export class MemoryStorage implements Storage {
  constructor(
    private readonly engine: Engine,
    private readonly options: Record<string, unknown>,
  ) {}

  get key(): string {
    return this.options.key as string;
  }

  replace(bytes: Uint8Array, key: string | undefined): void {
    const options = key === undefined ? this.options : { ...this.options, key };
    this.engine.open(options, bytes);
    Object.assign(this.options, options);
  }
}
