/** What both entries, for Node and for browsers, give. */

export { Crm, Session, type CallOptions } from "./crm.js";
export { CrmError, type ErrorFields, type ErrorKind } from "./error.js";
export type { OnProgress } from "./backend.js";
export type { Commit } from "./protocol.js";
export type { EngineOptions, OpenOptions, SessionOptions } from "./options.js";
export type * from "./generated/types.js";
export * as areas from "./generated/client.js";
export { type Call, type Outcome, type Page, type Patch, Records } from "./records.js";
