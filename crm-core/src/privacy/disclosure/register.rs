//! The register of processing activities (GDPR Article 30), from what is declared.

use std::collections::BTreeSet;

use crate::error::{CrmError, Result};
use crate::ground::sort::FewByKey;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::PurposeClass;
use crate::privacy::purposes::{BUILT_IN, KnownPurpose};
use crate::privacy::reading::scope::ReadScope;
use crate::record::door::{Door, Reader, Scope, read};
use crate::record::schema::Field;
use crate::record::{RecordType, Value, columns};
use crate::session::{Session, Viewer};
use crate::storage::{Param, ReadMode, query_all};

/// What is done with personal data, purpose by purpose.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ProcessingRegister"))]
pub struct Register {
    /// When it was drawn up.
    pub generated_at: Timestamp,
    /// The purposes for which personal data are processed.
    pub activities: Vec<Activity>,
    /// The technical measures that the engine takes (Articles 30(1)(g), 32(1)).
    pub security_measures: Vec<String>,
}

/// One purpose, and what is done for it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ProcessingActivity"))]
pub struct Activity {
    /// The key of the purpose.
    pub purpose: String,
    /// What people read for it.
    pub name: String,
    /// The key of the purpose above it.
    pub parent: Option<String>,
    /// What it amounts to.
    pub class: PurposeClass,
    /// Its identifier in a vocabulary.
    pub iri: Option<String>,
    /// The grounds on record, as the keys of [`LegalBasis`](crate::privacy::LegalBasis).
    pub legal_bases: Vec<String>,
    /// The personal data that may be read for it.
    pub data: Vec<ReadData>,
    /// Who got data for it, by name.
    pub recipients: Vec<String>,
    /// The countries that data were transferred to, each with what makes the transfer lawful.
    pub transfers: Vec<String>,
    /// How long data are kept for it, a line for each rule on record.
    pub retention: Vec<String>,
}

/// The personal data in the records of one type that a purpose may read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadData {
    /// The record type.
    pub record_type: String,
    /// The categories.
    pub categories: Vec<String>,
    /// The fields.
    pub fields: Vec<String>,
}

/// What the engine does to protect what it stores.
const SECURITY_MEASURES: [&str; 6] = [
    "Reading is bound to a purpose and checked cell by cell; special categories need a gate of their own.",
    "Personal values in the journal are sealed under a key of each data subject (XChaCha20-Poly1305), wrapped by a key that \
     the host holds.",
    "Deleted content is overwritten (secure_delete) and leaves no copy in the full-text index.",
    "The journal is a Merkle tree: what was removed, inserted or changed is found.",
    "Exports are logged, with the purpose and the people whose data left the database.",
    "Refusals are kept as keyed hashes of addresses, so that they outlive the data.",
];

/// Draws the register up.
fn register(reader: &Reader<'_>) -> Result<Register> {
    let activities = purposes(reader)?.into_iter().map(|purpose| activity(reader, purpose));
    Ok(Register {
        generated_at: reader.engine.clock.now(),
        activities: activities.collect::<Result<_>>()?,
        security_measures: SECURITY_MEASURES.iter().map(|measure| (*measure).to_owned()).collect(),
    })
}

/// The purposes that are pursued: the built-in ones, then those of the host.
fn purposes(reader: &Reader<'_>) -> Result<Vec<KnownPurpose>> {
    let mut all: Vec<KnownPurpose> = BUILT_IN.iter().map(KnownPurpose::from).collect();
    let sql = "SELECT key FROM processing_purpose WHERE active IS NOT FALSE ORDER BY key";
    let keys = query_all(reader.connection, sql, &[], |row| Ok(row.text(0)?.unwrap_or_default().to_owned()))?;
    for key in keys {
        all.push(crate::privacy::purposes::require(reader.connection, &key)?);
    }
    Ok(all)
}

fn activity(reader: &Reader<'_>, purpose: KnownPurpose) -> Result<Activity> {
    // What another session of the purpose could read, with every gate that its rules open.
    let viewer = Viewer {
        user: reader.viewer.user,
        teams: Vec::new(),
        purpose: crate::Purpose::TechnicalServiceProvision,
        registered_purpose: Some(purpose.key.clone()),
        special_ground: None,
    };
    let scope = ReadScope::load(reader.engine, reader.connection, &viewer, &reader.schema, 0)?;
    let data =
        reader.schema.types().iter().filter_map(|record_type| read_data(&scope, record_type)).collect();
    let disclosed = disclosed(reader, &purpose.key)?;
    let mut legal_bases = disclosed.legal_bases;
    legal_bases.extend(declared(reader, "processing_basis", &purpose.key, |record_type| {
        record_type.field("legal_basis").map(|field| vec![field])
    })?);
    Ok(Activity {
        legal_bases: legal_bases.into_iter().collect(),
        data,
        recipients: disclosed.recipients.into_iter().collect(),
        transfers: disclosed.transfers.into_iter().collect(),
        retention: declared(reader, "retention_rule", &purpose.key, retention_fields)?.into_iter().collect(),
        purpose: purpose.key,
        name: purpose.name,
        parent: purpose.parent,
        class: purpose.class,
        iri: purpose.iri,
    })
}

fn read_data(scope: &ReadScope, record_type: &RecordType) -> Option<ReadData> {
    let (mut categories, mut fields) = (BTreeSet::new(), Vec::new());
    for field in record_type.own_fields().iter().filter(|field| field.is_personal()) {
        if scope.reason(record_type, field).is_none() {
            categories.extend(field.descriptor.category);
            fields.push(field.name().to_owned());
        }
    }
    let categories = categories.iter().map(|category| category.key().to_owned()).collect();
    (!fields.is_empty()).then(|| ReadData { record_type: record_type.name().to_owned(), categories, fields })
}

#[derive(Default)]
struct Disclosed {
    legal_bases: BTreeSet<String>,
    recipients: BTreeSet<String>,
    transfers: BTreeSet<String>,
}

fn disclosed(reader: &Reader<'_>, purpose: &str) -> Result<Disclosed> {
    let mut disclosed = Disclosed::default();
    let sql =
        "SELECT DISTINCT recipient, legal_basis, country, transfer_tool FROM disclosure WHERE purpose = ?1";
    query_all(reader.connection, sql, &[Param::Text(purpose)], |row| {
        disclosed.recipients.extend(row.text(0)?.map(str::to_owned));
        disclosed.legal_bases.extend(row.text(1)?.map(str::to_owned));
        if let Some(country) = row.text(2)? {
            disclosed.transfers.insert(format!("{country}: {}", row.text(3)?.unwrap_or("none")));
        }
        Ok(())
    })?;
    Ok(disclosed)
}

/// The fields that say how long something is kept, as far as the schema has them.
fn retention_fields(record_type: &RecordType) -> Option<Vec<&Field>> {
    let names =
        ["record_type", "trigger", "ceiling_months", "ceiling_days", "action", "jurisdiction", "source"];
    let fields: Vec<&Field> = names.iter().filter_map(|name| record_type.field(name)).collect();
    (!fields.is_empty()).then_some(fields)
}

/// What records of a type that belong to a purpose say in some fields, a line for each. A schema without the type has
/// nothing to say.
fn declared(
    reader: &Reader<'_>,
    record_type: &str,
    purpose: &str,
    fields: impl Fn(&RecordType) -> Option<Vec<&Field>>,
) -> Result<BTreeSet<String>> {
    let Some(record_type) = reader.schema.find(record_type) else { return Ok(BTreeSet::new()) };
    let (Some(key), Some(fields)) = (record_type.field("purpose"), fields(record_type)) else {
        return Ok(BTreeSet::new());
    };
    let mut columns = FewByKey::<usize, &str>::default();
    for field in &fields {
        *columns.of(field.position) = field.column.as_str();
    }
    let list: Vec<&str> = columns.iter().map(|(_, column)| *column).collect();
    let sql = format!("SELECT {} FROM {} WHERE {} = ?1", list.join(", "), record_type.table, key.column);
    let places: Vec<&Field> = columns.iter().map(|(position, _)| &record_type.fields[*position]).collect();
    let lines = query_all(reader.connection, &sql, &[Param::Text(purpose)], |row| {
        let mut column = 0;
        let mut words = Vec::with_capacity(places.len());
        for field in &places {
            let mut value = Value::Null;
            columns::read(field, row, &mut column, &mut value)?;
            if !value.is_null() {
                let text = match crate::record::json::to_json(&value) {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                words.push(if places.len() == 1 { text } else { format!("{} {text}", field.name()) });
            }
        }
        Ok::<_, CrmError>(words.join(", "))
    })?;
    Ok(lines.into_iter().filter(|line| !line.is_empty()).collect())
}

macro_rules! register_of {
    ($($door:ty),+) => {$(
        impl $door {
            /// The register of processing activities (GDPR Article 30(1)): for which purposes which personal data are
            /// read, on which grounds, who gets them, how long they are kept and how they are protected.
            /// [`Register::to_markdown`] and [`Register::to_html`] put it on paper.
            ///
            /// # Errors
            /// `storage.*`.
            pub fn processing_register(&self) -> Result<Register> {
                let door: &dyn Door = self;
                read(door, ReadMode::Snapshot, register)
            }
        }
    )+};
}
register_of!(Session, Scope<'_>);
