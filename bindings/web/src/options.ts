/** What a database and a session are opened with. */

import { crmError } from "./error.js";

/** Who acts, and why. */
export interface SessionOptions {
  /** `system` (the default), or `user:` and the identifier of a user. */
  actor?: string;
  /** The purpose that every entry of the journal names; `customer_relationship_management` by default. */
  purpose?: string;
  /** The ground of GDPR Article 9(2) on which special categories are read, such as `explicit_consent`; none by default. */
  special_categories?: string;
}

/** The controller. */
export interface ControllerOptions {
  /** Where it is seated: a country or a part of one by ISO 3166, such as `DE` or `US-CA`. */
  seat?: string;
  /** Whether it is a charity. */
  charity?: boolean;
}

/** A cap on the contacts of an address. */
export interface ContactCapOptions {
  /** How many contacts; 0 for none at all. */
  contacts: number;
  /** Within how many hours, from 1 to 720. */
  hours: number;
}

/** What the engine itself is opened with. */
export interface EngineOptions {
  /** The country whose spelling of phone numbers and addresses is assumed, ISO 3166-1 alpha-2; `DE` by default. */
  country?: string;
  /** The time zone in which "today" is meant, by its IANA name; `UTC` by default. */
  zone?: string;
  /**
   * The key that wraps the keys of data subjects, 64 hexadecimal digits. Without it, a fresh one is kept beside a
   * database in OPFS; one in memory has a fresh one as long as it lives (see `exportKey`).
   */
  key?: string;
  /**
   * The key under which the whole database is encrypted, 64 hexadecimal digits. Needs `key` beside it in OPFS, and a
   * WebAssembly file that was built with encryption; the one in this package is not.
   */
  databaseKey?: string;
  /** The key under which the database shall be from now on; `databaseKey` is the one from before. */
  nextDatabaseKey?: string;
  /** The largest content of an attachment, in bytes; 25 MiB by default. */
  attachmentLimit?: number;
  /** The ledger of erasures, as `privacy().erasureLedger()` gives it: who it names is erased before anything is read. */
  erasureLedger?: unknown;
  /** The controller: where it is seated, and whether it is a charity. */
  controller?: ControllerOptions;
  /** The keys of the regimes whose laws decide, for example `eu` and `uk`, at least one; all by default. */
  regimes?: string[];
  /** How often an address is contacted at most, besides what the laws say: up to 16 caps. */
  contactCaps?: ContactCapOptions[];
  /** Groups of fewer people than this are suppressed in sessions for analytics; 5 by default. */
  leastGroup?: number;
  /** Every how many reads of records one is written into the read log; 0, none, by default. */
  readLogEvery?: number;
  /** A time at which the clock stands still until `clock.set` moves it: for tests. */
  clock?: string;
  /** What makes identifiers and keys repeatable, 64 hexadecimal digits: for tests only. */
  seed?: string;
}

/** How a database is opened. */
export interface OpenOptions extends EngineOptions {
  /** Where it lies: `memory` (the default), or `opfs`, the private file system of the browser. */
  storage?: "memory" | "opfs";
  /** The name of a database in OPFS. All tabs of a site that open the same name work on the same database. */
  name?: string;
  /** The bytes of a database to begin with, in memory. */
  bytes?: Uint8Array;
  /** Who acts, and why, in the calls of the database itself. */
  session?: SessionOptions;
  /**
   * Where the WebAssembly file is, for bundlers that do not follow `new URL(…, import.meta.url)`; in Node also its
   * bytes or a compiled module.
   */
  wasm?: string | URL | BufferSource | WebAssembly.Module;
  /** Makes the Worker, for bundlers that do not follow `new Worker(new URL(…))`: a module Worker of `crm-core/worker`. */
  worker?: () => Worker;
}

/** The members that this package knows, each with the name that the engine has for it. */
const ENGINE: Record<string, string> = {
  country: "country",
  zone: "zone",
  key: "key",
  databaseKey: "database_key",
  nextDatabaseKey: "next_database_key",
  attachmentLimit: "attachment_limit",
  erasureLedger: "erasure_ledger",
  controller: "controller",
  regimes: "regimes",
  contactCaps: "contact_caps",
  leastGroup: "least_group",
  readLogEvery: "read_log_every",
  clock: "clock",
  seed: "seed",
};
const OWN = ["storage", "name", "bytes", "session", "wasm", "worker"];

/** The options of the engine out of all options, by the engine's names. Unknown options are errors. */
export function engineOptions(options: OpenOptions): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || OWN.includes(name)) continue;
    const engine = ENGINE[name];
    if (!engine) throw crmError("invalid", "options.invalid", `there is no option \`${name}\``, name);
    found[engine] = value;
  }
  return found;
}

/** Checks what the engine does not see. */
export function checkOptions(options: OpenOptions): void {
  const { storage = "memory", name, bytes } = options;
  if (storage !== "memory" && storage !== "opfs") {
    throw crmError("invalid", "options.invalid", "is neither `memory` nor `opfs`", "storage");
  }
  if (bytes !== undefined && !(bytes instanceof Uint8Array)) {
    throw crmError("invalid", "options.invalid", "takes a Uint8Array", "bytes");
  }
  if (storage === "memory") {
    if (name !== undefined) throw crmError("invalid", "options.invalid", "belongs to a database in OPFS", "name");
    return;
  }
  if (bytes) throw crmError("invalid", "options.bytes", "are for a database in memory; see import()", "bytes");
  if (typeof name !== "string" || !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name)) {
    const reason = "takes up to 100 letters, digits, spaces, dots, hyphens and underscores";
    throw crmError("invalid", "options.name", reason, "name");
  }
}

/** A fresh key, 64 hexadecimal digits. */
export function freshKey(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
