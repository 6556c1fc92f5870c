//! Making the tables, and bringing those of an older version up to date.
//!
//! Additive changes follow from the declarations: a table, column or index that is declared and not there is
//! made when the database is opened. Custom columns and tables are known from their definitions and are never
//! touched by it.

use std::collections::HashSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::catalog;
use super::columns::{Texts, bind};
use super::data::RecordData;
use super::descriptor::{FieldKind, TypeDescriptor};
use super::schema::{Extend, Field, Numbers, RecordType, Schema, field_columns};
use crate::error::Result;
use crate::ground::sort;
use crate::storage::{ColumnType, Connection, Database, Dialect, Param, ReadMode, query_all, query_one};

/// The format of the database. It grows with a step that is not additive; a file of a greater one is refused.
pub(crate) const FORMAT: u32 = 1;

/// Opens the schema of a database: makes or completes it when the library declares something new.
pub(crate) fn open(database: &dyn Database, extend: Extend) -> Result<Schema> {
    let builtin = catalog::descriptors();
    let fingerprint = fingerprint(&builtin, database.dialect());
    let mut stored = None;
    database.read(ReadMode::Snapshot, &mut |connection| {
        stored = None;
        if has_table(connection, "crm_meta")? && meta(connection, "schema")?.as_deref() == Some(&fingerprint)
        {
            stored = Some(load(connection, extend, builtin.clone(), &mut numbers(connection)?)?);
        }
        Ok(())
    })?;
    if let Some(schema) = stored {
        return Ok(schema);
    }
    let mut installed = None;
    database.write(&mut |connection| {
        installed = Some(install(connection, extend, builtin.clone(), &fingerprint)?);
        Ok(())
    })?;
    installed.ok_or_else(|| crate::CrmError::internal("a committed transaction did not run"))
}

/// Whether the database has the engine's tables already.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn is_installed(database: &dyn Database) -> Result<bool> {
    let mut installed = false;
    database.read(ReadMode::Statement, &mut |connection| {
        installed = has_table(connection, "crm_meta")?;
        Ok(())
    })?;
    Ok(installed)
}

/// The schema with the custom definitions that the database holds now.
pub(crate) fn reload(connection: &dyn Connection, extend: Extend) -> Result<Schema> {
    let mut known = numbers(connection)?;
    let before = known.clone();
    let mut schema = load(connection, extend, catalog::descriptors(), &mut known)?;
    store_numbers(connection, &before, &known)?;
    schema.generation += 1;
    put_stamp(connection, Stamp { schema: schema.generation, ..stamp(connection)? })?;
    Ok(schema)
}

/// Makes every handle read the custom definitions anew, after they were copied out of another database.
#[cfg(any(feature = "postgres", feature = "sqlcipher"))]
pub(crate) fn touch(connection: &dyn Connection, of: &Schema) -> Result<()> {
    let found = stamp(connection)?;
    let schema = found.schema.max(of.generation) + 1;
    put_stamp(connection, Stamp { schema, reading: found.reading + 1, permits: found.permits + 1 })
}

/// The schema in the database, when its custom definitions are not those that `known` was made of: another
/// process, or another handle, has changed them.
///
/// `found` is the stamp that the connection sees.
pub(crate) fn newer(
    connection: &dyn Connection,
    known: &Schema,
    found: Stamp,
) -> Result<Option<Arc<Schema>>> {
    if found.schema == known.generation {
        return Ok(None);
    }
    let schema = load(connection, known.extend, catalog::descriptors(), &mut numbers(connection)?)?;
    Ok(Some(Arc::new(schema)))
}

/// How often what every read depends on has been changed, by whichever process. The counts are one value, since it is
/// looked at before every read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Of the custom definitions.
    pub(crate) schema: i64,
    /// Of what governs reading: rules, purposes, restrictions, objections.
    pub(crate) reading: i64,
    /// Of what all permits rest on: legal bases, assessments, copies of registers.
    pub(crate) permits: i64,
}

/// The stamp that the connection sees.
pub(crate) fn stamp(connection: &dyn Connection) -> Result<Stamp> {
    let found = query_one(connection, META, &[Param::Text("customized")], |row| {
        let mut counts = row.text(0)?.unwrap_or_default().split(' ').map(str::parse);
        let mut next = || counts.next().and_then(Result::ok).unwrap_or_default();
        Ok(Stamp { schema: next(), reading: next(), permits: next() })
    })?;
    Ok(found.unwrap_or_default())
}

fn put_stamp(connection: &dyn Connection, stamp: Stamp) -> Result<()> {
    let Stamp { schema, reading, permits } = stamp;
    connection.execute(
        "INSERT INTO crm_meta (name, value) VALUES ('customized', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[Param::Text(&format!("{schema} {reading} {permits}"))],
    )?;
    Ok(())
}

/// Notes that something that governs reading was changed.
pub(crate) fn note_reading_changed(connection: &dyn Connection) -> Result<()> {
    let found = stamp(connection)?;
    put_stamp(connection, Stamp { reading: found.reading + 1, ..found })
}

/// Notes that something that all permits rest on was changed.
pub(crate) fn note_permits_changed(connection: &dyn Connection) -> Result<()> {
    let found = stamp(connection)?;
    put_stamp(connection, Stamp { permits: found.permits + 1, ..found })
}

fn load(
    connection: &dyn Connection,
    extend: Extend,
    builtin: Vec<TypeDescriptor>,
    numbers: &mut Numbers,
) -> Result<Schema> {
    let mut schema = Schema::build(extend(connection, builtin)?, numbers)?;
    schema.extend = extend;
    schema.generation = stamp(connection)?.schema;
    Ok(schema)
}

fn install(
    connection: &dyn Connection,
    extend: Extend,
    builtin: Vec<TypeDescriptor>,
    fingerprint: &str,
) -> Result<Schema> {
    let fresh = !has_table(connection, "crm_meta")?;
    let mut made = Vec::new();
    if fresh {
        for statement in engine_tables(connection.dialect()) {
            connection.execute_batch(&statement)?;
        }
    } else {
        made = complete_engine(connection)?;
    }
    connection.set_format_version(FORMAT)?;
    // The tables of the definitions must be there before the definitions can be read.
    let mut known = numbers(connection)?;
    let before = known.clone();
    let plain = Schema::build(builtin.clone(), &mut known)?;
    for record_type in plain.types() {
        // To ask an empty database what it has takes a quarter of the time to fill it.
        if fresh { create(connection, record_type)? } else { complete(connection, record_type)? }
    }
    let schema = load(connection, extend, builtin, &mut known)?;
    // What every record has may have grown, and custom tables have it, too.
    for record_type in schema.types() {
        if record_type.is_custom() || record_type.fields.iter().any(|field| field.descriptor.custom) {
            complete(connection, record_type)?;
        }
    }
    for record_type in schema.types() {
        complete_links(connection, record_type)?;
    }
    for record_type in schema.types() {
        let rules = record_type.descriptor.rules;
        if rules.tables().iter().any(|table| made.iter().any(|name| name == table)) {
            rules.refill(connection)?;
        }
    }
    store_numbers(connection, &before, &known)?;
    connection.execute(
        "INSERT INTO crm_meta (name, value) VALUES ('schema', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[Param::Text(fingerprint)],
    )?;
    Ok(schema)
}

/// Makes the tables and indexes of the engine that an older database does not have. Gives the names of the tables.
fn complete_engine(connection: &dyn Connection) -> Result<Vec<String>> {
    let mut made = Vec::new();
    let dialect = connection.dialect();
    let indexes: HashSet<String> = names(connection, dialect.indexes_query(), &[])?;
    for statement in engine_tables(dialect) {
        let mut words = statement.split_whitespace().skip(1);
        let (kind, name) = (words.next(), words.next().unwrap_or_default());
        let there = match kind {
            Some("TABLE") => has_table(connection, name)?,
            Some("INDEX") => indexes.contains(name),
            // The full-text index is as old as the engine.
            _ => true,
        };
        if !there {
            connection.execute_batch(&statement)?;
            if kind == Some("TABLE") {
                made.push(name.to_owned());
            }
        }
    }
    Ok(made)
}

/// Makes the table of a type and its indexes.
fn create(connection: &dyn Connection, record_type: &RecordType) -> Result<()> {
    connection.execute_batch(&record_type.create_table(connection.dialect()))?;
    for (_, statement) in record_type.create_indexes(connection.dialect()) {
        connection.execute_batch(&statement)?;
    }
    Ok(())
}

/// Makes what a type declares and its table does not have.
pub(crate) fn complete(connection: &dyn Connection, record_type: &RecordType) -> Result<()> {
    let dialect = connection.dialect();
    let there = columns(connection, record_type.name())?;
    if there.is_empty() {
        connection.execute_batch(&record_type.create_table(dialect))?;
    } else {
        for field in &record_type.fields {
            let mut added = false;
            for ((column, _), definition) in field.columns().zip(field_columns(field, dialect)) {
                if !there.contains(column.trim_matches('"')) {
                    connection.execute_batch(&format!(
                        "ALTER TABLE {} ADD COLUMN {definition}",
                        record_type.table
                    ))?;
                    added = true;
                }
            }
            if added && !field.descriptor.custom {
                fill(connection, record_type, field)?;
            }
        }
    }
    let indexes: HashSet<String> = names(connection, dialect.indexes_query(), &[])?;
    for (name, statement) in record_type.create_indexes(dialect) {
        if !indexes.contains(&name) {
            connection.execute_batch(&statement)?;
        }
    }
    Ok(())
}

/// Makes the database check the links that a type declares, where that comes after the tables. Both ends must be there.
pub(crate) fn complete_links(connection: &dyn Connection, record_type: &RecordType) -> Result<()> {
    let Some(query) = connection.dialect().links_query() else { return Ok(()) };
    let there = names(connection, query, &[Param::Text(record_type.name())])?;
    for (column, statement) in record_type.create_links(connection.dialect()) {
        if !there.contains(column.trim_matches('"')) {
            connection.execute_batch(&statement)?;
        }
    }
    Ok(())
}

/// Gives the records that are there the default of a new built-in field that must have a value. Other fields stay
/// empty, so that adding one does not rewrite the table; custom ones may lack what they require.
fn fill(connection: &dyn Connection, record_type: &RecordType, field: &Field) -> Result<()> {
    let Some(default) = field.descriptor.default.as_ref().filter(|_| field.descriptor.required) else {
        return Ok(());
    };
    let mut data = RecordData::empty(record_type);
    data.values[field.position] = default.clone();
    let texts = Texts::of(&data);
    let mut parameters = Vec::new();
    bind(field, &data.values[field.position], &mut parameters, &texts)?;
    let columns: Vec<String> = field
        .columns()
        .enumerate()
        .map(|(place, (column, _))| format!("{column} = ?{}", place + 1))
        .collect();
    connection.execute(&format!("UPDATE {} SET {}", record_type.table, columns.join(", ")), &parameters)?;
    Ok(())
}

fn names(connection: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<HashSet<String>> {
    let found =
        query_all(connection, sql, parameters, |row| Ok(row.text(0)?.unwrap_or_default().to_owned()))?;
    Ok(found.into_iter().collect())
}

pub(crate) fn columns(connection: &dyn Connection, table: &str) -> Result<HashSet<String>> {
    names(connection, connection.dialect().columns_query(), &[Param::Text(table)])
}

fn has_table(connection: &dyn Connection, table: &str) -> Result<bool> {
    Ok(!columns(connection, table)?.is_empty())
}

/// The statement of [`meta`].
const META: &str = "SELECT value FROM crm_meta WHERE name = ?1";

pub(crate) fn meta(connection: &dyn Connection, name: &str) -> Result<Option<String>> {
    let value = query_one(connection, META, &[Param::Text(name)], |row| Ok(row.text(0)?.map(str::to_owned)))?;
    Ok(value.flatten())
}

/// The numbers of types and fields.
pub(crate) fn numbers(connection: &dyn Connection) -> Result<Numbers> {
    let rows = query_all(connection, "SELECT name, number FROM crm_number", &[], |row| {
        Ok((row.text(0)?.unwrap_or_default().to_owned(), row.integer(1)?.unwrap_or_default()))
    })?;
    Ok(sort::map(rows))
}

fn store_numbers(connection: &dyn Connection, before: &Numbers, after: &Numbers) -> Result<()> {
    for (name, number) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        connection.execute(
            "INSERT INTO crm_number (name, number) VALUES (?1, ?2)",
            &[Param::Text(name), Param::Integer(*number)],
        )?;
    }
    Ok(())
}

/// Grows when the same declarations make other tables or indexes than before, so that older databases get them.
const LAYOUT: u32 = 1;

/// A hash over all that decides what the library would make: when it is the stored one, there is nothing to do. The
/// statements themselves would say the same, but writing them took a fifth of the time to open a database.
fn fingerprint(builtin: &[TypeDescriptor], dialect: Dialect) -> String {
    let mut text = format!("{LAYOUT} {dialect:?}");
    for statement in engine_tables(dialect) {
        text.push_str(&statement);
    }
    for descriptor in builtin {
        text.push_str(&format!("\n{} {:?} {:?}", descriptor.name, descriptor.sort_key, descriptor.indexes));
        for field in &descriptor.fields {
            let target = match &field.kind {
                FieldKind::Link { target, .. } => target,
                _ => "",
            };
            let marks = [field.unique, field.indexed, field.required];
            text.push_str(&format!(" {} {} {target} {marks:?}", field.name, field.kind.name()));
        }
    }
    let digest: [u8; 32] = Sha256::digest(text).into();
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

impl Schema {
    /// All statements that make an empty database, in order.
    pub fn statements(&self, dialect: Dialect) -> Vec<String> {
        let mut all = engine_tables(dialect);
        for record_type in self.types() {
            all.push(record_type.create_table(dialect));
            all.extend(record_type.create_indexes(dialect).into_iter().map(|(_, statement)| statement));
        }
        for record_type in self.types() {
            all.extend(record_type.create_links(dialect).into_iter().map(|(_, statement)| statement));
        }
        all
    }
}

/// The tables of the engine itself.
fn engine_tables(dialect: Dialect) -> Vec<String> {
    let ty = |column| dialect.column_type(column);
    let (integer, text, blob) = (ty(ColumnType::Integer), ty(ColumnType::Text), ty(ColumnType::Blob));
    let (id, time, json) = (ty(ColumnType::Id), ty(ColumnType::Timestamp), ty(ColumnType::Json));
    let (suffix, clustered) = (dialect.table_suffix(), dialect.clustered_suffix());
    vec![
        format!("CREATE TABLE crm_meta (name {text} PRIMARY KEY, value {text} NOT NULL){clustered}"),
        format!(
            "CREATE TABLE crm_number (name {text} PRIMARY KEY, number {integer} NOT NULL UNIQUE){clustered}"
        ),
        format!("CREATE TABLE crm_counter (name {text} PRIMARY KEY, value {integer} NOT NULL){clustered}"),
        format!(
            "CREATE TABLE crm_journal (sequence {integer} PRIMARY KEY, at {time} NOT NULL, actor {id} NOT NULL, \
             purpose {integer} NOT NULL, job {id}, record_type {integer} NOT NULL, record {id} NOT NULL, \
             operation {integer} NOT NULL, version {integer} NOT NULL, subject {id}, plain {text} NOT NULL, \
             sealed {blob}, sealed_hash {blob}, leaf {blob} NOT NULL){suffix}"
        ),
        "CREATE INDEX crm_journal_record ON crm_journal (record, sequence)".to_owned(),
        // The entries of a record that is its own subject are found by the record; this finds those that hold personal
        // values of somebody else, and costs nothing when a contact is written.
        "CREATE INDEX crm_journal_subject ON crm_journal (subject, sequence) WHERE subject <> record"
            .to_owned(),
        "CREATE INDEX crm_journal_job ON crm_journal (job, sequence) WHERE job IS NOT NULL".to_owned(),
        format!(
            "CREATE TABLE crm_journal_tile (level {integer} NOT NULL, position {integer} NOT NULL, \
             hash {blob} NOT NULL, PRIMARY KEY (level, position)){clustered}"
        ),
        format!(
            "CREATE TABLE crm_subject_key (subject {id} PRIMARY KEY, wrapped {blob} NOT NULL){clustered}"
        ),
        format!(
            "CREATE TABLE crm_value (field {integer} NOT NULL, value {text} NOT NULL, record {integer} NOT NULL, \
             PRIMARY KEY (field, value, record)){clustered}"
        ),
        format!(
            "CREATE TABLE crm_timeline (subject {id} NOT NULL, at {time} NOT NULL, record_type {integer} NOT NULL, \
             record {integer} NOT NULL, PRIMARY KEY (subject, at, record_type, record)){clustered}"
        ),
        format!(
            "CREATE TABLE crm_period (record {id} NOT NULL, field {integer} NOT NULL, entered_at {time} NOT NULL, \
             left_at {time}, link {id}, value {text}, entered_by {id} NOT NULL, \
             PRIMARY KEY (field, record, entered_at)){clustered}"
        ),
        // Which records came to have a value when: conversion and velocity between stages start here.
        format!(
            "CREATE TABLE crm_bin (record {id} PRIMARY KEY, record_type {integer} NOT NULL, \
             deleted_at {time} NOT NULL, deleted_by {id} NOT NULL, batch {integer} NOT NULL, \
             sequence {integer} NOT NULL UNIQUE){clustered}"
        ),
        "CREATE INDEX crm_bin_batch ON crm_bin (batch, sequence)".to_owned(),
        format!(
            "CREATE TABLE crm_attachment_chunk ({row_id}, attachment {id} NOT NULL, position {integer} NOT NULL, \
             bytes {blob} NOT NULL, UNIQUE (attachment, position)){suffix}",
            row_id = dialect.row_id_column()
        ),
        format!(
            "CREATE TABLE crm_job (id {id} PRIMARY KEY, kind {text} NOT NULL, started_at {time} NOT NULL, \
             actor {id} NOT NULL, summary {json} NOT NULL){clustered}"
        ),
        format!(
            "CREATE TABLE crm_external_key (source {text} NOT NULL, record_type {integer} NOT NULL, \
             external_key {text} NOT NULL, record {id} NOT NULL, \
             PRIMARY KEY (source, record_type, external_key)){clustered}"
        ),
        "CREATE INDEX crm_external_key_record ON crm_external_key (record)".to_owned(),
        // Where people stand, and addresses by their hash as an identifier: their consents, folded out of the ledger,
        // with an empty text for "any", since the columns of a primary key take no null; and in a row without a purpose
        // which other records have something on them.
        format!(
            "CREATE TABLE crm_standing (holder {id} NOT NULL, purpose {text} NOT NULL, channel {text} NOT NULL, \
             brand {text} NOT NULL, address {text} NOT NULL, noted {integer}, status {text}, event {id}, at {time}, \
             expires_at {time}, expression {text}, method {text}, notice {id}, guardian {id}, \
             PRIMARY KEY (holder, purpose, channel, brand, address)){clustered}"
        ),
        "CREATE INDEX crm_standing_address ON crm_standing (address) WHERE address <> ''".to_owned(),
        // What stands in the stages of a pipeline, by currency; an empty text stands for deals without an amount.
        format!(
            "CREATE TABLE crm_deal_total (stage {id} NOT NULL, currency {text} NOT NULL, deals {integer} NOT NULL, \
             amount_high {integer} NOT NULL, amount_low {integer} NOT NULL, weighted_high {integer} NOT NULL, \
             weighted_low {integer} NOT NULL, PRIMARY KEY (stage, currency)){clustered}"
        ),
        format!(
            "CREATE TABLE crm_soft_bounce (address {text} PRIMARY KEY, count {integer} NOT NULL, \
             last_at {time} NOT NULL){clustered}"
        ),
        format!(
            "CREATE TABLE crm_register_entry (snapshot {id} NOT NULL, address {text} NOT NULL, \
             PRIMARY KEY (snapshot, address)){clustered}"
        ),
        format!(
            "CREATE TABLE crm_erased_subject (pseudonym {blob} PRIMARY KEY, erased_at {time} NOT NULL, \
             journal_size {integer} NOT NULL, journal_root {blob} NOT NULL){clustered}"
        ),
        dialect.create_search().to_owned(),
    ]
}
