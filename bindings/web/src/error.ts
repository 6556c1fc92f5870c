/** Errors of the engine and of this package. */

/** What sort of failure an error is. The numbers beside them (`status`) are stable, too. */
export type ErrorKind =
  | "invalid"
  | "limit"
  | "not_found"
  | "conflict"
  | "duplicate"
  | "restricted"
  | "rule"
  | "forbidden"
  | "interrupted"
  | "busy"
  | "full"
  | "io"
  | "corrupt"
  | "incompatible"
  | "closed"
  | "internal";

const STATUS = {
  invalid: 100,
  limit: 110,
  not_found: 200,
  conflict: 300,
  duplicate: 310,
  restricted: 320,
  rule: 330,
  forbidden: 400,
  interrupted: 500,
  busy: 510,
  full: 520,
  io: 530,
  corrupt: 600,
  incompatible: 610,
  closed: 700,
  internal: 900,
} as const satisfies Record<ErrorKind, number>;

/** An error as it travels: in the envelope of a call, and between a page and its Worker. */
export interface ErrorFields {
  code: string;
  kind: ErrorKind;
  status: number;
  path: string | null;
  reason: string;
  details: Record<string, unknown>;
}

/** The error of every operation. It holds no personal data: it names the field and the rule, not the value. */
export class CrmError extends Error implements ErrorFields {
  /** The stable dotted code, for example `person.emails.invalid`. */
  readonly code: string;
  /** What sort of failure this is. */
  readonly kind: ErrorKind;
  /** The stable number of the kind. */
  readonly status: number;
  /** The field, row or position that the error is about, for example `emails[0].address`. */
  readonly path: string | null;
  /** The reason in words. */
  readonly reason: string;
  /** Details that a program can read. */
  readonly details: Record<string, unknown>;

  constructor(fields: ErrorFields) {
    super(`${fields.path ? `${fields.path}: ` : ""}${fields.reason} (${fields.code})`);
    this.name = "CrmError";
    this.code = fields.code;
    this.kind = fields.kind;
    this.status = fields.status;
    this.path = fields.path ?? null;
    this.reason = fields.reason;
    this.details = fields.details ?? {};
  }

  /** The plain fields, which survive a message to another thread. */
  toJSON(): ErrorFields {
    const { code, kind, status, path, reason, details } = this;
    return { code, kind, status, path, reason, details };
  }
}

/** An error of this package. */
export function crmError(kind: ErrorKind, code: string, reason: string, path: string | null = null): CrmError {
  return new CrmError({ code, kind, status: STATUS[kind], path, reason, details: {} });
}

/** The error in what was caught: one of ours as it is, anything else as a defect. */
export function asCrmError(caught: unknown): CrmError {
  if (caught instanceof CrmError) return caught;
  const name = caught instanceof Error ? caught.name : typeof caught;
  return crmError("internal", "surface.panic", `an unexpected ${name} was thrown`);
}

/** The result in the text of an envelope. */
export function opened(envelope: string): unknown {
  const { result, error } = JSON.parse(envelope) as { result?: unknown; error?: ErrorFields };
  if (error) throw new CrmError(error);
  return result;
}

/** What a call after `close()` fails with. */
export function closed(): CrmError {
  return crmError("closed", "storage.closed", "the database was closed");
}
