//! A schema, a database and rows.
#![allow(unreachable_pub, dead_code, reason = "each test takes what it needs")]

use std::ops::ControlFlow;

use crm_core::error::Result;
use crm_core::ground::text::fold;
use crm_core::record::filter::terms::index_term;
use crm_core::record::filter::{FilterContext, OwnedParam, Statement};
use crm_core::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};
use crm_core::record::{FieldDescriptor, FieldKind, OnDelete, Schema, SelectOption, TypeDescriptor};
use crm_core::storage::sqlite::Options;
use crm_core::storage::{ColumnType, Connection, Dialect, Param, ReadMode, RowVisitor, SqliteDatabase};
use crm_core::{RecordId, Timestamp, parse_date};
use serde::{Deserialize, Serialize};

#[cfg(feature = "postgres")]
use crate::engine_support;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Email {
    pub address: String,
    pub label: String,
}

impl Part for Email {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "email",
        &[
            PartMember { name: "address", indexed: Some(|text, _| vec![fold(text)]), json_type: "string" },
            PartMember { name: "label", indexed: None, json_type: "string" },
        ],
    );
    fn normalise(&mut self, _: &PartContext) -> Result<()> {
        Ok(())
    }
    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        add("address", fold(&self.address));
    }
    fn search_text(&self, _: &mut dyn FnMut(&str)) {}
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    pub city: String,
    pub street: String,
}

/// Two comparison forms, as phone numbers may have.
fn city_forms(text: &str, _: &PartContext) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![fold(text), format!("{}!", fold(text))] }
}

impl Part for Address {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "address",
        &[
            PartMember { name: "city", indexed: Some(city_forms), json_type: "string" },
            PartMember { name: "street", indexed: Some(|text, _| vec![fold(text)]), json_type: "string" },
        ],
    );
    fn normalise(&mut self, _: &PartContext) -> Result<()> {
        Ok(())
    }
    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        add("city", fold(&self.city));
        add("street", fold(&self.street));
    }
    fn search_text(&self, _: &mut dyn FnMut(&str)) {}
}

fn link(name: &'static str, target: &'static str) -> FieldDescriptor {
    FieldDescriptor::new(name, FieldKind::Link { target: target.into(), on_delete: OnDelete::Clear })
}

fn options(keys: &[&'static str]) -> Vec<SelectOption> {
    keys.iter().map(|key| SelectOption::new(*key)).collect()
}

pub fn schema() -> Schema {
    use FieldKind as K;
    let new = FieldDescriptor::new;
    let types = vec![
        TypeDescriptor::new("user", "users").field(new("name", K::Text)).sort_key(&["name"]),
        TypeDescriptor::new("team", "teams").field(new("name", K::Text)).sort_key(&["name"]),
        TypeDescriptor::new("organisation", "organisations")
            .field(new("name", K::Text))
            .field(new("industry", K::Text))
            .field(link("parent", "organisation"))
            .sort_key(&["name"]),
        TypeDescriptor::new("person", "people")
            .field(new("given_name", K::Text))
            .field(new("family_name", K::Text))
            .field(new("emails", K::Parts(Email::DESCRIPTOR)))
            .field(new("addresses", K::Parts(Address::DESCRIPTOR)))
            .field(new("mail", K::Email))
            .field(link("first_employer", "organisation"))
            .field(link("employer", "organisation"))
            .sort_key(&["family_name", "given_name"]),
        TypeDescriptor::new("stage", "stages")
            .field(new("name", K::Text))
            .field(new("type", K::Select(options(&["open", "won", "lost"]))))
            .field(new("position", K::Integer))
            .field(new("probability", K::Decimal { scale: 1 }))
            .sort_key(&["name"]),
        TypeDescriptor::new("deal", "deals")
            .field(new("name", K::Text))
            .field(new("code", K::Text))
            .field(new("amount", K::Money).indexed())
            .field(link("stage", "stage"))
            .field(link("organisation", "organisation"))
            .field(new("close_date", K::Date).indexed())
            .field(new("tags", K::List))
            .field(new("colours", K::MultiSelect(options(&["red", "green", "blue"]))))
            .field(new("priority", K::Select(options(&["low", "medium", "high"]))))
            .field(new("rate", K::Decimal { scale: 2 }))
            .field(new("score", K::Number))
            .field(new("count", K::Integer).indexed())
            .field(new("done", K::Boolean))
            .field(new("notes", K::LongText))
            .field(new("data", K::Json))
            .field(new("true", K::Integer))
            .sort_key(&["name"])
            .index(&["count", "close_date"]),
        TypeDescriptor::new("task", "tasks")
            .field(new("title", K::Text))
            .field(new("about", K::Reference { on_delete: OnDelete::Cascade }))
            .field(new("done", K::Boolean))
            .field(new("due", K::Timestamp)),
    ];
    Schema::build(types, &mut Default::default()).unwrap()
}

/// The identifier with this number.
pub fn id(number: u128) -> RecordId {
    RecordId::from_bytes(number.to_be_bytes())
}

pub fn context(schema: &Schema) -> FilterContext<'_> {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    FilterContext {
        zone: "Europe/Zurich".parse().unwrap(),
        me: Some(id(101)),
        teams: Box::leak(Box::new([id(201)])),
        default_country: Some(crm_core::CountryCode::from_code("CH").expect("Switzerland")),
        normalise: &|kind, text| (*kind == FieldKind::Email).then(|| text.to_lowercase()),
        ..FilterContext::new(schema, dialect(), now)
    }
}

/// The engine that the tests run on.
pub fn dialect() -> Dialect {
    #[cfg(feature = "postgres")]
    if engine_support::is_server() {
        return Dialect::Postgres;
    }
    Dialect::Sqlite
}

/// A database whose tables hold what the tests put in, in memory or on a server.
pub struct Database(Box<dyn crm_core::storage::Database>);

/// A value of a row on its way in.
enum Given {
    Plain(OwnedParam),
    Json(String),
}

impl Given {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Plain(value) => value.as_param(),
            Self::Json(json) => Param::Json(json),
        }
    }
}

fn given(value: &serde_json::Value, kind: &FieldKind) -> Given {
    Given::Plain(match (value, kind) {
        (serde_json::Value::Null, _) => OwnedParam::Null,
        (serde_json::Value::Bool(value), _) => OwnedParam::Boolean(*value),
        (serde_json::Value::Number(number), FieldKind::Number) => OwnedParam::Real(number.as_f64().unwrap()),
        (serde_json::Value::Number(number), _) => OwnedParam::Integer(number.as_i64().unwrap()),
        (serde_json::Value::String(text), FieldKind::Timestamp) => {
            OwnedParam::Timestamp(text.parse().unwrap())
        }
        (serde_json::Value::String(text), FieldKind::Date) => OwnedParam::Date(parse_date(text).unwrap()),
        (serde_json::Value::String(text), FieldKind::Json) => return Given::Json(text.clone()),
        (serde_json::Value::String(text), _) => OwnedParam::Text(text.clone()),
        (serde_json::Value::Object(link), FieldKind::Link { .. }) => {
            OwnedParam::Id(id(link["id"].as_u64().unwrap().into()))
        }
        (document, _) => return Given::Json(document.to_string()),
    })
}

impl Database {
    /// An empty database with the tables of the schema. Links may lead nowhere.
    pub fn new(schema: &Schema) -> Self {
        let database = Self(Self::open());
        let ty = |column| dialect().column_type(column);
        let (integer, text) = (ty(ColumnType::Integer), ty(ColumnType::Text));
        database.batch(&format!(
            "CREATE TABLE crm_value (field {integer} NOT NULL, value {text} NOT NULL, record {integer} NOT NULL, \
             PRIMARY KEY (field, value, record)){}",
            dialect().clustered_suffix()
        ));
        for record_type in schema.types() {
            let mut table = record_type.create_table(dialect());
            while let Some(start) = table.find(" REFERENCES ") {
                let end = start + table[start..].find(')').unwrap() + 1;
                table.replace_range(start..end, "");
            }
            database.batch(&table);
            for (_, statement) in record_type.create_indexes(dialect()) {
                database.batch(&statement);
            }
        }
        database
    }

    fn open() -> Box<dyn crm_core::storage::Database> {
        #[cfg(feature = "postgres")]
        if engine_support::is_server() {
            use crm_core::storage::postgres::{Options, PostgresDatabase};
            let url = engine_support::server::address();
            let url = engine_support::server::with_database(&url, &engine_support::server::create(None));
            return Box::new(PostgresDatabase::open(&url, Options::default()).unwrap());
        }
        Box::new(SqliteDatabase::memory(Options::default()).unwrap())
    }

    /// Runs several statements.
    pub fn batch(&self, sql: &str) {
        self.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Inserts a row; values are JSON: text, numbers, truth values, lists; `{"id": 5}` for a link.
    pub fn insert(&self, schema: &Schema, record_type: &str, number: i64, values: serde_json::Value) {
        self.insert_all(schema, record_type, &[(number, values)]);
    }

    /// Inserts rows in one transaction.
    pub fn insert_all(&self, schema: &Schema, record_type: &str, rows: &[(i64, serde_json::Value)]) {
        let write = |connection: &dyn Connection| {
            rows.iter()
                .try_for_each(|(number, values)| insert(connection, schema, record_type, *number, values))
        };
        self.0.write(&mut |connection| write(connection)).unwrap();
    }

    pub fn plan(&self, statement: &Statement) -> String {
        let params = statement.params();
        self.explain(&statement.sql, &params).unwrap().join("\n")
    }

    pub fn numbers(&self, statement: &Statement) -> Vec<i64> {
        let mut found = Vec::new();
        self.query(&statement.sql, &statement.params(), &mut |row| {
            found.push(row.integer(0)?.unwrap());
            Ok(ControlFlow::Continue(()))
        })
        .unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
        found
    }
}

fn insert(
    connection: &dyn Connection,
    schema: &Schema,
    record_type: &str,
    number: i64,
    values: &serde_json::Value,
) -> Result<()> {
    let record_type = schema.require(record_type)?;
    let mut columns = vec!["row_id".to_owned(), "id".into(), "version".into(), "name_key".into()];
    let object = values.as_object().unwrap();
    let names: Vec<&str> = record_type
        .sort_key
        .iter()
        .filter_map(|position| object.get(record_type.fields[*position].name())?.as_str())
        .collect();
    let mut parameters: Vec<Given> = [
        OwnedParam::Integer(number),
        OwnedParam::Id(id(u128::try_from(number).unwrap())),
        OwnedParam::Integer(1),
        OwnedParam::Text(fold(&names.join(" "))),
    ]
    .map(Given::Plain)
    .into();
    for (name, value) in object {
        columns.push(format!("\"{name}\""));
        // The column with the currency of an amount is no field.
        let kind = record_type.field(name).map_or(&FieldKind::Text, |field| field.kind());
        parameters.push(given(value, kind));
        if let (serde_json::Value::Array(items), Some(field)) = (value, record_type.field(name)) {
            for item in items {
                index(connection, field, item, number)?;
            }
        }
    }
    let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let sql =
        format!("INSERT INTO {} ({}) VALUES ({})", record_type.table, columns.join(", "), places.join(", "));
    let parameters: Vec<Param<'_>> = parameters.iter().map(Given::param).collect();
    connection.execute(&sql, &parameters).map(|_| ())
}

fn index(
    connection: &dyn Connection,
    field: &crm_core::record::Field,
    item: &serde_json::Value,
    row: i64,
) -> Result<()> {
    let mut terms = Vec::new();
    let mut add = |member: Option<&str>, form: &str| terms.push(index_term(field, member, form).into_owned());
    match field.kind() {
        FieldKind::List => add(None, &fold(item.as_str().unwrap())),
        FieldKind::Parts(parts) if parts.name == "email" => {
            let email: Email = serde_json::from_value(item.clone()).unwrap();
            email.index_terms(&mut |member, form| add(Some(member), &form));
        }
        FieldKind::Parts(_) => {
            let address: Address = serde_json::from_value(item.clone()).unwrap();
            address.index_terms(&mut |member, form| add(Some(member), &form));
        }
        _ => add(None, item.as_str().unwrap()),
    }
    let sql = "INSERT INTO crm_value (field, value, record) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    terms.iter().try_for_each(|term| {
        let parameters = [Param::Integer(field.number), Param::Text(term), Param::Integer(row)];
        connection.execute(sql, &parameters).map(|_| ())
    })
}

/// Each call is a transaction of its own.
impl Connection for Database {
    fn dialect(&self) -> Dialect {
        dialect()
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        let mut changed = 0;
        self.0.write(&mut |connection| {
            changed = connection.execute(sql, parameters)?;
            Ok(())
        })?;
        Ok(changed)
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        let mut row = 0;
        self.0.write(&mut |connection| {
            row = connection.insert(sql, parameters)?;
            Ok(())
        })?;
        Ok(row)
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.0.read(ReadMode::Statement, &mut |connection| connection.query(sql, parameters, each))
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.0.write(&mut |connection| connection.execute_batch(sql))
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        let mut steps = Vec::new();
        self.0.read(ReadMode::Statement, &mut |connection| {
            steps = connection.explain(sql, parameters)?;
            Ok(())
        })?;
        Ok(steps)
    }

    fn format_version(&self) -> Result<u32> {
        Ok(0)
    }

    fn set_format_version(&self, _: u32) -> Result<()> {
        Ok(())
    }
}
