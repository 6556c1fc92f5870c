//! The relationships of a contact, seen from its end.

use std::collections::HashMap;

use serde::Serialize;

use super::ids::{RelationshipId, RelationshipTypeId};
use super::model::Relationship;
use super::queries::{Named, PERIOD, hide_period, names, period_is_read, rows, select, text};
use super::rules::Period;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Date;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::query::{Cursor, MAX_LIMIT};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::record::{Records, Redaction, Reference};
use crate::storage::{ReadMode, Row};

/// A relationship of a contact, told from that contact's end: the contact *is [label](Related::label)* the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Related {
    /// The relationship.
    pub relationship: RelationshipId,
    /// Its kind.
    pub kind: RelationshipTypeId,
    /// What the contact is to the other: the name of the kind, or its inverse name at the second end.
    pub label: String,
    /// Whether the contact stands at the second end.
    pub inverse: bool,
    /// The other contact.
    pub other: Reference,
    /// What the other is called.
    pub name: String,
    /// The first day.
    pub start_date: Option<Date>,
    /// The last day; empty while it lasts.
    pub end_date: Option<Date>,
    /// The fields of the relationship, and of the other contact's name, that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// Some of the relationships of a contact.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RelatedPage {
    /// The relationships in the order of their creation.
    pub related: Vec<Related>,
    /// Where to go on; `None` at the end. A page may have fewer than asked for although it is not the last.
    pub next: Option<Cursor>,
}

impl Records<'_, Relationship> {
    /// The relationships of a person or an organisation, at whichever end it stands; with a day, only those that
    /// last on that day. At most `limit` (1 to 1,000), from a cursor on. Those to contacts that the session may not
    /// see are left out.
    ///
    /// # Errors
    /// `record.not_found`, `type.unknown`; `query.limit`, `query.cursor`; `field.redacted` for a day, when the session may not
    /// read how long relationships last.
    pub fn of(
        &self,
        contact: &Reference,
        on: Option<Date>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<RelatedPage> {
        if !(1..=MAX_LIMIT).contains(&limit) {
            let reason = format!("is not between 1 and {MAX_LIMIT}");
            return Err(CrmError::new(ErrorKind::Limit, "query.limit", reason).at("limit"));
        }
        let after = match after.map(|cursor| cursor.as_str().parse::<i64>()) {
            // Rows of the past that are gone now have negative numbers.
            None => i64::MIN,
            Some(Ok(row)) => row,
            Some(Err(_)) => {
                return Err(CrmError::invalid("query.cursor", "is no cursor of this list").at("cursor"));
            }
        };
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(&contact.record_type)?;
            visible(reader, record_type, contact.id)?.ok_or_else(|| not_found(record_type.name()))?;
            let mut found = ends(reader, contact, on, after, limit, false)?;
            found.extend(ends(reader, contact, on, after, limit, true)?);
            sort::by_key(&mut found, |(row, _)| *row);
            found.truncate(limit as usize);
            let full = found.len() == limit as usize;
            let next = found.last().filter(|_| full).map(|(row, _)| Cursor::new(row.to_string()));
            Ok(RelatedPage { related: named(reader, found)?, next })
        })
    }
}

/// The relationships in which the contact stands at one end, after a row; without the names of the others.
fn ends(
    reader: &Reader<'_>,
    contact: &Reference,
    on: Option<Date>,
    after: i64,
    limit: u32,
    inverse: bool,
) -> Result<Vec<(i64, Related)>> {
    let (own, other, label) =
        if inverse { ("second", "first", "k.inverse_name") } else { ("first", "second", "k.name") };
    let kinds = reader.table(reader.schema.require("relationship_type")?);
    let statement = select(reader, reader.schema.require("relationship")?, |mut rows| {
        let contact = rows.bind(OwnedParam::Text(contact.to_string()));
        let after = rows.bind(OwnedParam::Integer(after));
        rows.restrict_sql(format!("t.{own} = {contact} AND t.row_id > {after}"));
        if inverse {
            // A contact's relationship to itself is told once.
            rows.restrict_sql(format!("t.first <> {contact}"));
        }
        if let Some(day) = on {
            period_is_read(&mut rows)?;
            let day = rows.bind(OwnedParam::Date(day));
            rows.restrict_sql(format!("(t.start_date IS NULL OR t.start_date <= {day})"));
            rows.restrict_sql(format!("(t.end_date IS NULL OR t.end_date >= {day})"));
        }
        let most = rows.bind(OwnedParam::Integer(limit.into()));
        let (from, condition) = (rows.from(), rows.condition());
        rows.finish(format!(
            "SELECT t.row_id, t.id, t.kind, t.{other}, t.start_date, t.end_date, {label} \
             FROM {from} JOIN {kinds} AS k ON k.id = t.kind \
             WHERE {condition} ORDER BY t.row_id LIMIT {most}"
        ))
    })?;
    let record_type = reader.schema.require("relationship")?;
    rows(reader, &statement, |row| {
        let mut related = related(row, inverse)?;
        related.redactions = reader.redactions(record_type, None, &PERIOD)?;
        hide_period(&related.redactions, &mut related.start_date, &mut related.end_date);
        Ok((row.integer(0)?.unwrap_or_default(), related))
    })
}

fn related(row: &dyn Row, inverse: bool) -> Result<Related> {
    let period = Period::read(row, 4)?;
    Ok(Related {
        relationship: row.id(1)?.unwrap_or_default().into(),
        kind: row.id(2)?.unwrap_or_default().into(),
        label: text(row, 6)?,
        inverse,
        other: text(row, 3)?.parse()?,
        name: String::new(),
        start_date: period.start,
        end_date: period.end,
        redactions: Vec::new(),
    })
}

/// Names the others, and leaves out those whom the session may not see.
fn named(reader: &Reader<'_>, found: Vec<(i64, Related)>) -> Result<Vec<Related>> {
    let mut known: HashMap<RecordId, Named> = HashMap::new();
    for name in ["person", "organisation"] {
        let ids: Vec<RecordId> = found
            .iter()
            .filter(|(_, related)| related.other.record_type == name)
            .map(|(_, related)| related.other.id)
            .collect();
        known.extend(names(reader, reader.schema.require(name)?, &ids)?);
    }
    Ok(found
        .into_iter()
        .filter_map(|(_, mut related)| {
            let named = known.get(&related.other.id)?;
            related.name.clone_from(&named.name);
            related.redactions.extend(named.redactions.iter().cloned());
            Some(related)
        })
        .collect())
}
