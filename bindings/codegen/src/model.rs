//! What the writers see: areas with their operations, and the types that these take and give.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::names::without_links;

/// Everything that a surface offers.
pub struct Api {
    /// The version of the library.
    pub version: String,
    /// The areas: one for each record type, then those without records.
    pub areas: Vec<Area>,
    /// The types, by their names.
    pub types: BTreeMap<String, TypeDef>,
}

/// Operations that belong together.
pub struct Area {
    /// The name in snake_case: the plural of a record type, or `search`.
    pub name: String,
    /// What stands before the dot in the names of its operations.
    pub prefix: String,
    /// What it is for, a sentence.
    pub documentation: String,
    /// The type of its records, if it has records.
    pub record: Option<String>,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
pub struct Operation {
    /// The full name, such as `deal.move_to`.
    pub name: String,
    /// What stands after the dot, in snake_case.
    pub method: String,
    /// Whether every record type has it.
    pub of_records: bool,
    /// Whether it changes nothing.
    pub query: bool,
    /// What the actor must be allowed to do.
    pub permission: String,
    /// The version that had it first.
    pub since: String,
    /// What a host may rely on.
    pub stability: String,
    /// What it does.
    pub documentation: String,
    /// The codes of its special errors.
    pub errors: Vec<String>,
    /// What it takes.
    pub input: Input,
    /// What it gives; `None` for nothing.
    pub output: Option<Type>,
}

/// What an operation takes.
pub enum Input {
    /// A whole record of the type with this name.
    Record(String),
    /// Members.
    Members(Vec<Member>),
}

/// A member of an input or of a struct.
pub struct Member {
    /// The name in snake_case.
    pub name: String,
    /// What it is.
    pub documentation: String,
    /// What it holds, without `Optional` around it.
    pub kind: Type,
    /// Whether it must be given, in an input, or is always there, in an output.
    pub required: bool,
    /// The value when nothing is said.
    pub default: Option<Json>,
    /// Whether only the engine sets it.
    pub read_only: bool,
    /// Whether a host may give it all the same when it creates a record.
    pub at_creation: bool,
    /// Whether the engine fills it in from the rest of the record when it is left out, so that it is always there in what
    /// is read and need not be given.
    pub filled: bool,
}

impl Member {
    /// What it is, with what a host must know about its form and who sets it.
    pub fn explained(&self) -> String {
        let mut text = self.documentation.clone();
        if text.is_empty() {
            text = format!("`{}`.", self.name);
        }
        match &self.kind {
            Type::Text(Some(format)) if format == "date-time" => text.push_str(" RFC 3339, in UTC."),
            Type::Text(Some(format)) if format == "date" => text.push_str(" ISO 8601."),
            _ => {}
        }
        if let Some(default) = &self.default {
            text.push_str(&format!(" Default: `{default}`."));
        }
        if self.read_only {
            let given = if self.at_creation { ", or when the record is created" } else { "" };
            text.push_str(&format!(" Set by the engine{given}."));
        }
        if self.filled {
            text.push_str(" Found by the engine when a new record has none.");
        }
        text
    }
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Text, with the format that JSON Schema names: `uuid`, `date`, `date-time`, `decimal`, `filter` and so on.
    Text(Option<String>),
    /// A whole number, signed or not.
    Integer {
        /// Whether it may be negative.
        signed: bool,
        /// How many bits it has.
        bits: u32,
    },
    /// A floating-point number.
    Number,
    /// A truth value.
    Boolean,
    /// Any JSON.
    Json,
    /// Values by text.
    Map(Box<Type>),
    /// Several values in order.
    List(Box<Type>),
    /// A value or none.
    Optional(Box<Type>),
    /// A type of [`Api::types`].
    Named(String),
}

impl Type {
    /// The type in the words of the header and the reference.
    pub fn in_words(&self) -> String {
        match self {
            Self::Text(None) => "text".to_owned(),
            Self::Text(Some(format)) => format.clone(),
            Self::Integer { .. } => "integer".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Json => "any JSON".to_owned(),
            Self::Map(of) => format!("object of {}", of.in_words()),
            Self::List(of) => format!("list of {}", of.in_words()),
            Self::Optional(of) => format!("{} or null", of.in_words()),
            Self::Named(name) => name.clone(),
        }
    }
}

/// A type with a name.
pub struct TypeDef {
    /// What it is.
    pub documentation: String,
    /// Its shape.
    pub shape: Shape,
}

/// The shape of a type.
pub enum Shape {
    /// A record: a struct that may have custom fields besides. The name is that of the record type.
    Record(String, Vec<Member>),
    /// A struct.
    Struct(Vec<Member>),
    /// A closed list of keys, each with what it stands for.
    Enum(Vec<(String, String)>),
}

impl TypeDef {
    /// The members of a record or struct.
    pub fn members(&self) -> &[Member] {
        match &self.shape {
            Shape::Record(_, members) | Shape::Struct(members) => members,
            Shape::Enum(_) => &[],
        }
    }
}

/// Areas without records: the prefix, the name of the area, what it is for.
const PLAIN_AREAS: [(&str, &str, &str); 17] = [
    ("tag", "tags", "Tags of records."),
    ("agenda", "agenda", "The agendas of users."),
    ("timeline", "timeline", "The timelines of records."),
    ("search", "search", "One search over all record types."),
    ("journal", "journal", "The journal: changes, undo, proofs."),
    ("bin", "bin", "What was deleted."),
    ("import", "imports", "Files in."),
    ("export", "exports", "Files out."),
    ("schema", "schema", "The record types in force."),
    ("system", "system", "The database as a whole."),
    ("clock", "clock", "The clock, in tests."),
    ("batch", "batch", "Several calls as one."),
    ("consent", "consent", "The consent ledger: where consents stand, and what proves them."),
    ("unsubscribe", "unsubscribe", "Unsubscribing by a token (RFC 8058)."),
    ("rights", "rights", "Requests of data subjects: clocks, packages, rectification."),
    ("retention", "retention", "What is due to be erased, and erasing it."),
    ("privacy", "privacy", "What privacy decides: who may be contacted, what may be read, what is erased."),
];

impl Api {
    /// Reads the operation table of the library.
    ///
    /// # Panics
    /// When the table has a form that the bindings cannot express: a mistake to be seen when they are generated.
    pub fn read() -> Self {
        let document = crm_core::operation::schema::document();
        Self::of(&document)
    }

    fn of(document: &Json) -> Self {
        let mut areas: Vec<Area> = list(&document["records"])
            .iter()
            .map(|record| Area {
                name: string(&record["plural"]),
                prefix: string(&record["name"]),
                documentation: text(&record["description"]),
                record: Some(string(&record["type"])),
                operations: Vec::new(),
            })
            .collect();
        areas.extend(PLAIN_AREAS.iter().map(|(prefix, name, documentation)| Area {
            name: (*name).to_owned(),
            prefix: (*prefix).to_owned(),
            documentation: (*documentation).to_owned(),
            record: None,
            operations: Vec::new(),
        }));
        for json in list(&document["operations"]) {
            let operation = operation(json);
            let (prefix, _) = operation.name.rsplit_once('.').expect("a name has a dot");
            let area = areas.iter_mut().find(|area| area.prefix == prefix);
            area.unwrap_or_else(|| panic!("no area has the prefix {prefix}")).operations.push(operation);
        }
        let types = document["$defs"].as_object().expect("there are definitions");
        let types = types.iter().map(|(name, schema)| (name.clone(), type_def(schema)));
        Self { version: string(&document["version"]), areas, types: types.collect() }
    }

    /// The type with this name.
    ///
    /// # Panics
    /// When there is none.
    pub fn type_def(&self, name: &str) -> &TypeDef {
        self.types.get(name).unwrap_or_else(|| panic!("there is no type {name}"))
    }
}

fn operation(json: &Json) -> Operation {
    let name = string(&json["name"]);
    let (_, method) = name.rsplit_once('.').expect("a name has a dot");
    let input = match kind(&json["input"]) {
        Type::Named(name) => Input::Record(name),
        _ => Input::Members(members(&json["input"])),
    };
    Operation {
        method: method.to_owned(),
        of_records: json["record"].is_string(),
        query: json["kind"] == "query",
        permission: string(&json["permission"]),
        since: string(&json["since"]),
        stability: string(&json["stability"]),
        documentation: text(&json["documentation"]),
        errors: list(&json["errors"]).iter().map(string).collect(),
        input,
        output: (json["output"]["type"] != "null").then(|| kind(&json["output"])),
        name,
    }
}

fn type_def(schema: &Json) -> TypeDef {
    let shape = match (schema["x-record"].as_str(), schema["oneOf"].as_array()) {
        (Some(record), _) => Shape::Record(record.to_owned(), members(schema)),
        (None, Some(keys)) => {
            Shape::Enum(keys.iter().map(|key| (string(&key["const"]), text(&key["description"]))).collect())
        }
        (None, None) => Shape::Struct(members(schema)),
    };
    TypeDef { documentation: text(&schema["description"]), shape }
}

fn members(schema: &Json) -> Vec<Member> {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    properties
        .iter()
        .map(|(name, schema)| {
            let (kind, optional) = match kind(schema) {
                Type::Optional(inner) => (*inner, true),
                kind => (kind, false),
            };
            Member {
                name: name.clone(),
                documentation: text(&schema["description"]),
                kind,
                required: required.contains(&name.as_str()) && !optional,
                default: schema.get("default").filter(|default| !default.is_null()).cloned(),
                read_only: schema["readOnly"] == true,
                filled: schema["x-filled"] == true,
                at_creation: schema["x-at-creation"] == true,
            }
        })
        .collect()
}

fn kind(schema: &Json) -> Type {
    if let Some(reference) = schema["$ref"].as_str() {
        return Type::Named(reference.trim_start_matches("#/$defs/").to_owned());
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return match choices.as_slice() {
            [some, null] if null["type"] == "null" => Type::Optional(Box::new(kind(some))),
            _ => panic!("a choice that is no option: {schema}"),
        };
    }
    match &schema["type"] {
        Json::String(name) => plain(name, schema),
        Json::Array(names) => match names.as_slice() {
            [name, null] if null == "null" => {
                Type::Optional(Box::new(plain(name.as_str().expect("a type is a text"), schema)))
            }
            _ => Type::Json,
        },
        _ => Type::Json,
    }
}

fn plain(name: &str, schema: &Json) -> Type {
    match name {
        "string" => Type::Text(schema["format"].as_str().map(str::to_owned)),
        "integer" => {
            let format = schema["format"].as_str().unwrap_or("int64");
            let bits = match format {
                "uint16" | "uint32" | "int32" => 32,
                _ => 64,
            };
            Type::Integer { signed: !format.starts_with('u'), bits }
        }
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "array" => Type::List(Box::new(kind(&schema["items"]))),
        "object" => match &schema["additionalProperties"] {
            Json::Object(values) => Type::Map(Box::new(kind(&Json::Object(values.clone())))),
            _ => Type::Map(Box::new(Type::Json)),
        },
        other => panic!("a type that the bindings do not know: {other}"),
    }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().expect("the document has a list here")
}

fn string(json: &Json) -> String {
    json.as_str().expect("the document has a text here").to_owned()
}

/// A documentation, without the links of rustdoc, which no other language follows.
fn text(json: &Json) -> String {
    without_links(json.as_str().unwrap_or_default())
}
