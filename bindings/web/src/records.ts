/** The records of one type. */

import type * as t from "./generated/types.js";

/** Runs an operation by its name. */
export type Call = (operation: string, input: object) => Promise<unknown>;

/** A page of a list. */
export interface Page<R> {
  /** The records, in the order of the query. */
  records: t.Stored<R>[];
  /** Where the list goes on; null at its end. */
  next: string | null;
}

/** The outcome for one record of a bulk call: the record, or why it was refused. */
export interface Outcome<R> {
  record?: t.Stored<R>;
  error?: t.ErrorObject;
}

/** Changes of one record, as a JSON Merge Patch (RFC 7396): null clears a field. */
export type Patch<R> = { [Field in keyof R]?: R[Field] | null };

type Camel<Name extends string> = Name extends `${infer Word}_${infer Rest}` ? `${Word}${Capitalize<Camel<Rest>>}` : Name;

/** What the records of every type can do: a method for each operation that the engine has for them. */
export class Records<R> implements Record<Camel<t.RecordOperation>, unknown> {
  constructor(
    protected readonly call: Call,
    /** The name of the record type. */
    readonly recordType: string,
  ) {}

  protected run<T>(method: t.RecordOperation, input: object): Promise<T> {
    return this.call(`${this.recordType}.${method}`, input) as Promise<T>;
  }

  /** Creates a record. Gives it as it was stored. */
  create(record: R): Promise<t.Stored<R>> {
    return this.run("create", record as object);
  }

  /** Reads a record. */
  get(id: string): Promise<t.Stored<R>> {
    return this.run("get", { id });
  }

  /** Reads a record, or gives null when there is none that the session may see. */
  find(id: string): Promise<t.Stored<R> | null> {
    return this.run("find", { id });
  }

  /** Stores a changed record, whole. It must have its `id` and the `version` that is stored. */
  update(record: t.Stored<R>): Promise<t.Stored<R>> {
    return this.run("update", record as object);
  }

  /** Changes some fields by a JSON Merge Patch (RFC 7396): null clears a field. */
  patch(id: string, patch: Patch<R>): Promise<t.Stored<R>> {
    return this.run("patch", { id, patch });
  }

  /** Deletes a record into the bin. */
  async delete(id: string): Promise<void> {
    await this.run("delete", { id });
  }

  /** Brings a record back out of the bin. */
  restore(id: string): Promise<t.Stored<R>> {
    return this.run("restore", { id });
  }

  /** Creates many records in one transaction. Gives one outcome for each, in order. */
  createAll(records: R[]): Promise<Outcome<R>[]> {
    return this.run("create_all", { records });
  }

  /** Stores many changed records in one transaction. Gives one outcome for each, in order. */
  updateAll(records: t.Stored<R>[]): Promise<Outcome<R>[]> {
    return this.run("update_all", { records });
  }

  /** Deletes many records in one transaction. Gives one outcome for each, in order. */
  deleteAll(ids: string[]): Promise<Outcome<R>[]> {
    return this.run("delete_all", { ids });
  }

  /** Lists a page of the records that pass a filter. */
  list(query: t.ListInput = {}): Promise<Page<R>> {
    return this.run("list", query);
  }

  /** All records that pass a filter, page by page. */
  async *all(query: t.ListInput = {}): AsyncGenerator<t.Stored<R>, void, undefined> {
    let cursor = query.cursor ?? undefined;
    do {
      const page: Page<R> = await this.list(cursor === undefined ? query : { ...query, cursor });
      yield* page.records;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /** Counts the records that pass a filter. */
  count(filter?: t.Filter): Promise<number> {
    return this.run("count", filter === undefined ? {} : { filter });
  }

  /** Groups records and measures each group. */
  group(query: t.GroupInput = {}): Promise<t.Groups> {
    return this.run("group", query);
  }

  /** Lists the changes of a record, the latest first. */
  history(id: string, part: Omit<t.HistoryInput, "id"> = {}): Promise<t.JournalEntry[]> {
    return this.run("history", { id, ...part });
  }
}
