//! The TypeScript types and the typed client.

use crate::files::MARK;
use crate::model::{Api, Area, Input, Member, Operation, Shape, Type};
use crate::names::{camel, comment, pascal};

/// `types.ts`.
pub fn types(api: &Api) -> String {
    let mut out = format!("// {MARK}\n\n");
    out.push_str(
        "/** Any JSON value. */\n\
         export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };\n\n\
         /** A filter: its text form, or its JSON form. */\n\
         export type Filter = string | boolean | { [name: string]: Json };\n\n\
         /** What every stored record has. */\n\
         export type Stored<R> = R & { id: string; version: number; created_at: string; updated_at: string };\n",
    );
    for (name, definition) in &api.types {
        out.push('\n');
        out.push_str(&documented(&definition.documentation, ""));
        match &definition.shape {
            Shape::Enum(keys) => {
                let keys: Vec<String> = keys.iter().map(|(key, _)| format!("\"{key}\"")).collect();
                out.push_str(&format!("export type {name} = {};\n", keys.join(" | ")));
            }
            Shape::Record(_, members) => {
                out.push_str(&format!("export interface {name} {{\n{}", fields(members, true)));
                out.push_str("  /** Custom fields. */\n  [custom: `x_${string}`]: Json | undefined;\n}\n");
            }
            Shape::Struct(members) => {
                out.push_str(&format!("export interface {name} {{\n{}}}\n", fields(members, false)));
            }
        }
    }
    for area in &api.areas {
        for operation in &area.operations {
            if let (Input::Members(members), None) =
                (&operation.input, &area.record.as_ref().filter(|_| is_generic(operation)))
                && !members.is_empty()
            {
                out.push_str(&format!(
                    "\n/** What `{}` takes. */\nexport interface {} {{\n{}}}\n",
                    operation.name,
                    input_name(operation),
                    fields(members, false)
                ));
            }
        }
    }
    out.push_str(GENERIC_INPUTS);
    out
}

/// The inputs that the operations of all records share.
const GENERIC_INPUTS: &str = "
/** Names one record. */
export interface ById {
  id: string;
}

/** Changes of one record, as a JSON Merge Patch (RFC 7396): null clears a field. */
export interface PatchInput<R> {
  id: string;
  patch: { [Field in keyof R]?: R[Field] | null };
}

/** Which records, in what order, how many. */
export interface ListInput {
  /** Which records; all when there is none. */
  filter?: Filter;
  /** By what: paths such as `organisation.name`, with a `-` in front for the greatest first. */
  sort?: string[];
  /** How many at most, 1 to 1,000; 50 when nothing is said. */
  limit?: number;
  /** Where to go on: `next` of the page before. */
  cursor?: string;
}

/** What records are grouped by and what is measured. */
export interface GroupInput {
  /** Which records; all when there is none. */
  filter?: Filter;
  /** What they are grouped by; one group of all when there is none. */
  by?: GroupKey[];
  /** What is measured; the count when there is none. */
  measures?: Measure[];
  /** In what order the groups come; by their keys when nothing is said. */
  sort?: GroupSort[];
  /** How many groups at most, 1 to 10,000; 1,000 when nothing is said. */
  limit?: number;
}

/** Which part of a history. */
export interface HistoryInput {
  id: string;
  /** Goes on before the entry with this sequence. */
  before?: number;
  /** How many at most, up to 1,000; 50 when nothing is said. */
  limit?: number;
}
";

/// The operations that every record type has, which the class `Records` types once.
const GENERIC: [&str; 14] = [
    "create",
    "get",
    "find",
    "update",
    "patch",
    "delete",
    "restore",
    "create_all",
    "update_all",
    "delete_all",
    "list",
    "count",
    "group",
    "history",
];

fn is_generic(operation: &Operation) -> bool {
    GENERIC.contains(&operation.method.as_str())
}

fn input_name(operation: &Operation) -> String {
    format!("{}Input", pascal(&operation.name))
}

fn fields(members: &[Member], record: bool) -> String {
    let mut out = String::new();
    for member in members {
        out.push_str(&documented(&member.documentation, "  "));
        let optional = if member.required { "" } else { "?" };
        let nullable = if member.required || record { "" } else { " | null" };
        let read_only = if member.read_only { "readonly " } else { "" };
        out.push_str(&format!(
            "  {read_only}{}{optional}: {}{nullable};\n",
            member.name,
            type_of(&member.kind)
        ));
    }
    out
}

fn type_of(kind: &Type) -> String {
    match kind {
        Type::Text(Some(format)) if format == "filter" => "Filter".to_owned(),
        Type::Text(_) => "string".to_owned(),
        Type::Integer { .. } | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Map(of) => format!("{{ [name: string]: {} }}", type_of(of)),
        Type::List(of) if matches!(**of, Type::Optional(_)) => format!("({})[]", type_of(of)),
        Type::List(of) => format!("{}[]", type_of(of)),
        Type::Optional(of) => format!("{} | null", type_of(of)),
        Type::Named(name) => name.clone(),
    }
}

/// What an operation gives: records that are there have their identifiers.
fn output_of(api: &Api, kind: &Type) -> String {
    match kind {
        Type::Named(name) if matches!(api.type_def(name).shape, Shape::Record(..)) => {
            format!("Stored<{name}>")
        }
        Type::Optional(of) => format!("{} | null", output_of(api, of)),
        Type::List(of) => format!("{}[]", output_of(api, of)),
        other => type_of(other),
    }
}

/// `client.ts`.
pub fn client(api: &Api) -> String {
    let mut out = format!("// {MARK}\n\nimport type * as t from \"./types.js\";\n\n");
    out.push_str(CLIENT_HEAD);
    for area in &api.areas {
        out.push_str(&class(api, area));
    }
    out.push_str("\n/** All areas over one session. */\nexport class Areas {\n");
    for area in &api.areas {
        out.push_str(&documented(&area.documentation, "  "));
        out.push_str(&format!("  readonly {}: {};\n", camel(&area.name), class_name(area)));
    }
    out.push_str("\n  constructor(call: Call) {\n");
    for area in &api.areas {
        let record = if area.record.is_some() { format!(", \"{}\"", area.prefix) } else { String::new() };
        out.push_str(&format!("    this.{} = new {}(call{record});\n", camel(&area.name), class_name(area)));
    }
    out.push_str("  }\n}\n");
    out
}

const CLIENT_HEAD: &str = r#"/** Runs an operation by its name. */
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

/** What the records of every type can do. */
export class Records<R> {
  constructor(
    protected readonly call: Call,
    /** The name of the record type. */
    readonly recordType: string,
  ) {}

  protected run<T>(method: string, input: object): Promise<T> {
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
  patch(id: string, patch: t.PatchInput<R>["patch"]): Promise<t.Stored<R>> {
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
    let cursor = query.cursor;
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
"#;

fn class_name(area: &Area) -> String {
    let special = area.operations.iter().any(|operation| !is_generic(operation));
    match &area.record {
        Some(record) if !special => format!("Records<t.{record}>"),
        _ => format!("{}Area", pascal(&area.name)),
    }
}

fn class(api: &Api, area: &Area) -> String {
    let special: Vec<&Operation> =
        area.operations.iter().filter(|operation| area.record.is_none() || !is_generic(operation)).collect();
    if special.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}", documented(&area.documentation, ""));
    match &area.record {
        Some(record) => {
            out.push_str(&format!(
                "export class {}Area extends Records<t.{record}> {{\n",
                pascal(&area.name)
            ));
        }
        None => out.push_str(&format!(
            "export class {}Area {{\n  constructor(private readonly call: Call) {{}}\n",
            pascal(&area.name)
        )),
    }
    let methods: Vec<String> = special.iter().map(|operation| method(api, operation)).collect();
    if area.record.is_none() {
        out.push('\n');
    }
    out.push_str(&methods.join("\n"));
    out.push_str("}\n");
    out
}

fn method(api: &Api, operation: &Operation) -> String {
    let (parameter, argument) = match &operation.input {
        Input::Record(record) => (format!("record: t.{record}"), "record".to_owned()),
        Input::Members(members) if members.is_empty() => (String::new(), "{}".to_owned()),
        Input::Members(members) => {
            let default = if members.iter().any(|member| member.required) { "" } else { " = {}" };
            (format!("input: t.{}{default}", input_name(operation)), "input".to_owned())
        }
    };
    let output = operation
        .output
        .as_ref()
        .map_or_else(|| "void".to_owned(), |kind| qualified(&output_of(api, kind), api));
    let mut documentation = operation.documentation.clone();
    if !operation.errors.is_empty() {
        documentation.push_str(&format!("\n\nErrors: `{}`.", operation.errors.join("`, `")));
    }
    format!(
        "{}  {}({parameter}): Promise<{output}> {{\n    return this.call(\"{}\", {argument}) as Promise<{output}>;\n  }}\n",
        documented(&documentation, "  "),
        camel(&operation.method),
        operation.name,
    )
}

/// A type of `types.ts` as the client names it.
fn qualified(name: &str, api: &Api) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        if api.types.contains_key(word.as_str()) || matches!(word.as_str(), "Stored" | "Json" | "Filter") {
            out.push_str("t.");
        }
        out.push_str(word);
        word.clear();
    };
    for character in name.chars() {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
        } else {
            flush(&mut word, &mut out);
            out.push(character);
        }
    }
    flush(&mut word, &mut out);
    out
}

fn documented(text: &str, indent: &str) -> String {
    let text = text.replace("*/", "* /");
    match text.lines().count() {
        0 => String::new(),
        1 => format!("{indent}/** {text} */\n"),
        _ => format!("{indent}/**\n{}{indent} */\n", comment(&text, indent, " *")),
    }
}
