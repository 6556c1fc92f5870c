//! Looking for a person in what was written about others.
//!
//! A program finds the places; whether a text means this Smith or another one, a person has to say. So nothing is changed
//! here, and what is noted is the place and the sort of the hit, never the text.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::identifiers::{Identifier, searched};
use super::kinds::ReviewHit;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::columns::read_record;
use crate::record::derived::each_text;
use crate::record::unit::UnitOfWork;
use crate::record::{Field, FieldKind, RecordData, RecordType, Reference, SearchRole};
use crate::search::mentions::entries;
use crate::storage::{Param, query_all, query_one};

/// The most places that one erasure queues for review. A name that stands in more is no use to look for.
const MOST: usize = 1_000;
/// The most records that one identifier is looked for in.
const MOST_CANDIDATES: i64 = 5_000;

/// A place that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mention {
    /// The record.
    pub record: Reference,
    /// The field; nothing when the whole record is meant.
    pub field: Option<String>,
    /// What points at the person.
    pub hit: ReviewHit,
}

/// Looks in the texts of all records but those that go with the person. Of each field the surest hit is given.
pub(super) fn find(
    work: &UnitOfWork<'_>,
    identifiers: &[Identifier],
    going: &HashSet<RecordId>,
) -> Result<Vec<Mention>> {
    let mut search = Search { work, identifiers, going, seen: HashSet::new(), found: Vec::new() };
    search.in_index()?;
    search.outside_of_it()?;
    Ok(search.found)
}

struct Search<'s> {
    work: &'s UnitOfWork<'s>,
    identifiers: &'s [Identifier],
    going: &'s HashSet<RecordId>,
    seen: HashSet<(i64, i64)>,
    found: Vec<Mention>,
}

impl Search<'_> {
    /// By the search index, for the fields that are in it.
    fn in_index(&mut self) -> Result<()> {
        let person = self.work.record_type("person")?.number;
        let mut rows: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for identifier in self.identifiers {
            for phrase in &identifier.phrases {
                let connection = self.work.connection;
                let anywhere = entries(connection, phrase, false, MOST_CANDIDATES)?;
                // The names of people are names of people; only what was written about them can mean somebody else.
                let about_people = if identifier.is_single_name() {
                    entries(connection, phrase, true, MOST_CANDIDATES)?
                } else {
                    Vec::new()
                };
                let single = identifier.is_single_name();
                let others = anywhere.into_iter().filter(|(number, _)| !single || *number != person);
                for (number, row) in others.chain(about_people) {
                    rows.entry(number).or_default().insert(row);
                }
            }
        }
        for (number, rows) in rows {
            let Some(record_type) = self.work.schema.by_number(number).cloned() else { continue };
            let statements = record_type.statements();
            let sql =
                format!("SELECT {} FROM {} AS t WHERE t.row_id = ?1", statements.columns, record_type.table);
            for row in rows {
                let data = query_one(self.work.connection, &sql, &[Param::Integer(row)], |row| {
                    read_record(&record_type, row)
                })?;
                if let Some(data) = data {
                    self.look_at(&record_type, &data)?;
                }
            }
        }
        Ok(())
    }

    /// By reading, for the texts that no index holds.
    fn outside_of_it(&mut self) -> Result<()> {
        for record_type in Arc::clone(&self.work.schema).types() {
            for field in record_type.own_fields() {
                let hidden = field.descriptor.search == SearchRole::None && is_text(record_type, field);
                if hidden && self.found.len() < MOST {
                    self.read_field(record_type, field)?;
                }
            }
        }
        Ok(())
    }

    fn read_field(&mut self, record_type: &Arc<RecordType>, field: &Field) -> Result<()> {
        let sql =
            format!("SELECT \"id\", {0} FROM {1} WHERE {0} IS NOT NULL", field.column, record_type.table);
        let found = query_all(self.work.connection, &sql, &[], |row| {
            let text = row.text(1)?.unwrap_or_default();
            let hit = self.hit(text);
            Ok(hit.map(|hit| (row.id(0).ok().flatten().unwrap_or_default(), hit)))
        })?;
        for (id, hit) in found.into_iter().flatten() {
            if !self.going.contains(&id) {
                self.note(record_type, id, field, hit);
            }
        }
        Ok(())
    }

    fn look_at(&mut self, record_type: &RecordType, data: &RecordData) -> Result<()> {
        if self.going.contains(&data.id()) || !self.seen.insert((record_type.number, data.row_id)) {
            return Ok(());
        }
        for field in record_type.own_fields().iter().filter(|field| is_looked_at(record_type, field)) {
            let mut best: Option<ReviewHit> = None;
            each_text(field, &data.values[field.position], &mut |text| {
                best = best.or_else(|| self.hit(text));
            })?;
            if let Some(hit) = best {
                self.note(record_type, data.id(), field, hit);
            }
        }
        Ok(())
    }

    /// The surest sign of the person in a text.
    fn hit(&self, text: &str) -> Option<ReviewHit> {
        let form = searched(text);
        self.identifiers
            .iter()
            .find(|identifier| identifier.is_in(text, &form))
            .map(|identifier| identifier.hit)
    }

    fn note(&mut self, record_type: &RecordType, id: RecordId, field: &Field, hit: ReviewHit) {
        if self.found.len() < MOST {
            self.found.push(Mention {
                record: Reference::new(record_type.name(), id),
                field: Some(field.name().to_owned()),
                hit,
            });
        }
    }
}

/// Whether a field that is in the search index may hold a text about somebody.
fn is_looked_at(record_type: &RecordType, field: &Field) -> bool {
    let parts = matches!(field.kind(), FieldKind::Parts(_) | FieldKind::List);
    field.descriptor.search != SearchRole::None
        && (is_text(record_type, field) || parts && record_type.name() != "person")
}

/// Whether people write freely in a field. The names and the function of a person describe that person.
fn is_text(record_type: &RecordType, field: &Field) -> bool {
    let definition = matches!(record_type.name(), "custom_type" | "custom_field" | "erasure");
    match field.kind() {
        _ if definition => false,
        FieldKind::LongText => true,
        FieldKind::Text => !matches!(record_type.name(), "person" | "user") || field.descriptor.custom,
        _ => false,
    }
}
