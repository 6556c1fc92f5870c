//! A schema, a database and rows.
#![allow(unreachable_pub, dead_code, reason = "each test takes what it needs")]

use std::ops::ControlFlow;

use crm_core::error::{CrmError, Result};
use crm_core::ground::text::fold;
use crm_core::record::filter::terms::index_term;
use crm_core::record::filter::{FilterContext, Statement};
use crm_core::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};
use crm_core::record::{FieldDescriptor, FieldKind, OnDelete, Schema, SelectOption, TypeDescriptor};
use crm_core::storage::{Connection, Dialect, Param, Row, RowVisitor};
use crm_core::{Date, DateUnit, RecordId, Timestamp, Zone, parse_date};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use serde::{Deserialize, Serialize};

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
        ..FilterContext::new(schema, Dialect::Sqlite, now)
    }
}

pub struct Database(pub rusqlite::Connection);

fn failed(error: rusqlite::Error) -> CrmError {
    CrmError::internal(error.to_string())
}

fn label(micros: Option<i64>, unit: &str, zone: &str) -> Option<String> {
    let zone: Zone = zone.parse().unwrap();
    let date = zone.date(Timestamp::from_micros(micros?));
    let unit = DateUnit::from_name(unit).unwrap();
    Some(unit.label(date))
}

impl Database {
    /// An empty database with the tables of the schema.
    pub fn new(schema: &Schema) -> Self {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        connection
            .create_scalar_function(c"crm_fold", 1, flags, |context| {
                Ok(context.get::<Option<String>>(0)?.map(|text| fold(&text)))
            })
            .unwrap();
        connection
            .create_scalar_function(c"crm_bucket", 3, flags, |context| {
                let (unit, zone): (String, String) = (context.get(1)?, context.get(2)?);
                Ok(label(context.get(0)?, &unit, &zone))
            })
            .unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        let values = "CREATE TABLE crm_value (field INTEGER NOT NULL, value TEXT NOT NULL, \
            record INTEGER NOT NULL, PRIMARY KEY (field, value, record)) STRICT, WITHOUT ROWID";
        connection.execute_batch(values).unwrap();
        for record_type in schema.types() {
            connection.execute_batch(&record_type.create_table(Dialect::Sqlite)).unwrap();
            for (_, statement) in record_type.create_indexes(Dialect::Sqlite) {
                connection.execute_batch(&statement).unwrap();
            }
        }
        Self(connection)
    }

    /// Inserts a row; values are JSON: text, numbers, truth values, lists; `{"id": 5}` for a link.
    pub fn insert(&self, schema: &Schema, record_type: &str, number: i64, values: serde_json::Value) {
        let record_type = schema.require(record_type).unwrap();
        let mut columns = vec!["row_id".to_owned(), "id".into(), "version".into(), "name_key".into()];
        let number_id = u128::try_from(number).unwrap();
        let mut parameters: Vec<Sql> =
            vec![Sql::Integer(number), Sql::Blob(id(number_id).as_bytes().to_vec()), Sql::Integer(1)];
        let object = values.as_object().unwrap();
        let names: Vec<&str> = record_type
            .sort_key
            .iter()
            .filter_map(|position| object.get(record_type.fields[*position].name())?.as_str())
            .collect();
        parameters.push(Sql::Text(fold(&names.join(" "))));
        for (name, value) in object {
            columns.push(format!("\"{name}\""));
            let kind = record_type.field(name).map(|field| field.kind().clone());
            parameters.push(match (value, kind) {
                (serde_json::Value::Null, _) => Sql::Null,
                (serde_json::Value::Bool(value), _) => Sql::Integer((*value).into()),
                (serde_json::Value::Number(number), Some(FieldKind::Number)) => {
                    Sql::Real(number.as_f64().unwrap())
                }
                (serde_json::Value::Number(number), _) => Sql::Integer(number.as_i64().unwrap()),
                (serde_json::Value::String(text), Some(FieldKind::Timestamp)) => {
                    Sql::Integer(text.parse::<Timestamp>().unwrap().micros())
                }
                (serde_json::Value::String(text), _) => Sql::Text(text.clone()),
                (serde_json::Value::Object(link), _) => {
                    Sql::Blob(id(link["id"].as_u64().unwrap().into()).as_bytes().to_vec())
                }
                (list, Some(_)) => Sql::Text(list.to_string()),
                (_, None) => panic!("{name} is no field"),
            });
            if let (serde_json::Value::Array(items), Some(field)) = (value, record_type.field(name)) {
                for item in items {
                    self.index(field, item, number);
                }
            }
        }
        let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            record_type.table,
            columns.join(", "),
            places.join(", ")
        );
        self.0.execute(&sql, rusqlite::params_from_iter(parameters)).unwrap();
    }

    fn index(&self, field: &crm_core::record::Field, item: &serde_json::Value, row: i64) {
        let add = |member: Option<&str>, form: &str| {
            let term = index_term(field, member, form);
            let sql = "INSERT OR IGNORE INTO crm_value VALUES (?1, ?2, ?3)";
            self.0.execute(sql, rusqlite::params![field.number, term, row]).unwrap();
        };
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

struct Bound<'p>(&'p Param<'p>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Param::Null => ToSqlOutput::Owned(Sql::Null),
            Param::Boolean(value) => ToSqlOutput::Owned(Sql::Integer((*value).into())),
            Param::Integer(value) => ToSqlOutput::Owned(Sql::Integer(*value)),
            Param::Real(value) => ToSqlOutput::Owned(Sql::Real(*value)),
            Param::Text(text) | Param::Json(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Param::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Param::Id(id) => ToSqlOutput::Owned(Sql::Blob(id.as_bytes().to_vec())),
            Param::Timestamp(time) => ToSqlOutput::Owned(Sql::Integer(time.micros())),
            Param::Date(date) => ToSqlOutput::Owned(Sql::Text(date.to_string())),
        })
    }
}

struct SqliteRow<'r, 's>(&'r rusqlite::Row<'s>);

impl Row for SqliteRow<'_, '_> {
    fn is_null(&self, column: usize) -> Result<bool> {
        Ok(self.0.get_ref(column).map_err(failed)? == ValueRef::Null)
    }
    fn boolean(&self, column: usize) -> Result<Option<bool>> {
        self.0.get(column).map_err(failed)
    }
    fn integer(&self, column: usize) -> Result<Option<i64>> {
        self.0.get(column).map_err(failed)
    }
    fn real(&self, column: usize) -> Result<Option<f64>> {
        self.0.get(column).map_err(failed)
    }
    fn text(&self, column: usize) -> Result<Option<&str>> {
        self.0
            .get_ref(column)
            .map_err(failed)?
            .as_str_or_null()
            .map_err(|e| CrmError::internal(e.to_string()))
    }
    fn blob(&self, column: usize) -> Result<Option<&[u8]>> {
        self.0
            .get_ref(column)
            .map_err(failed)?
            .as_blob_or_null()
            .map_err(|e| CrmError::internal(e.to_string()))
    }
    fn id(&self, column: usize) -> Result<Option<RecordId>> {
        Ok(self.blob(column)?.map(|bytes| RecordId::from_bytes(bytes.try_into().unwrap())))
    }
    fn timestamp(&self, column: usize) -> Result<Option<Timestamp>> {
        Ok(self.integer(column)?.map(Timestamp::from_micros))
    }
    fn date(&self, column: usize) -> Result<Option<Date>> {
        self.text(column)?.map(parse_date).transpose()
    }
    fn json(&self, column: usize) -> Result<Option<&str>> {
        self.text(column)
    }
}

impl Connection for Database {
    fn format_version(&self) -> Result<u32> {
        Ok(0)
    }

    fn set_format_version(&self, _: u32) -> Result<()> {
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.0.execute(sql, rusqlite::params_from_iter(parameters.iter().map(Bound))).map_err(failed)
    }
    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.execute(sql, parameters)?;
        Ok(self.0.last_insert_rowid())
    }
    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows =
            statement.query(rusqlite::params_from_iter(parameters.iter().map(Bound))).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if each(&SqliteRow(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }
    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.0.execute_batch(sql).map_err(failed)
    }
    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        let mut steps = Vec::new();
        let mut statement = self.0.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(failed)?;
        let mut rows =
            statement.query(rusqlite::params_from_iter(parameters.iter().map(Bound))).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            steps.push(row.get(3).map_err(failed)?);
        }
        Ok(steps)
    }
}
