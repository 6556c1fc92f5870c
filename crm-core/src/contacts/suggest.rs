//! Type-ahead: names that begin with what was typed so far.

use serde::Serialize;

use super::ids::{OrganisationId, PersonId};
use super::model::{Organisation, Person};
use super::queries::{NAME_COLUMNS, names, person_name, rows, sees_all, select, text};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::record::door::{Reader, read};
use crate::record::filter::OwnedParam;
use crate::record::{LinkId, Record, RecordType, Records};
use crate::storage::{Param, ReadMode, query_all};

/// A contact that somebody may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "{Id}Suggestion"))]
pub struct Suggestion<Id> {
    /// The contact.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// The name of the organisation that it belongs to: a person's main one, an organisation's parent.
    pub organisation: Option<String>,
}

/// The most suggestions at once.
pub const MOST_SUGGESTIONS: u32 = 50;

impl Records<'_, Person> {
    /// People whose sort name (family, given, middle name) begins with a text, whatever its case and accents; in
    /// the order of that name. At most `limit`, 1 to [`MOST_SUGGESTIONS`].
    ///
    /// # Errors
    /// `suggest.limit`.
    pub fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<Suggestion<PersonId>>> {
        suggest(self, prefix, limit, OPEN_PEOPLE, "organisation")
    }
}

impl Records<'_, Organisation> {
    /// Organisations whose name begins with a text, whatever its case and accents; in the order of the name. At
    /// most `limit`, 1 to [`MOST_SUGGESTIONS`].
    ///
    /// # Errors
    /// `suggest.limit`.
    pub fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<Suggestion<OrganisationId>>> {
        suggest(self, prefix, limit, OPEN_ORGANISATIONS, "parent")
    }
}

// One range of the index of names; the rows it leads to are the only ones that are read.
pub(super) const OPEN_PEOPLE: &str = "SELECT t.id, o.name, t.given_name, t.middle_name, t.family_name, t.name_suffix \
    FROM person AS t LEFT JOIN organisation AS o ON o.id = t.organisation \
    WHERE t.name_key >= ?1 AND t.name_key < ?2 ORDER BY t.name_key, t.row_id LIMIT ?3";
pub(super) const OPEN_ORGANISATIONS: &str = "SELECT t.id, o.name, t.name \
    FROM organisation AS t LEFT JOIN organisation AS o ON o.id = t.parent \
    WHERE t.name_key >= ?1 AND t.name_key < ?2 ORDER BY t.name_key, t.row_id LIMIT ?3";

fn suggest<R: Record>(
    records: &Records<'_, R>,
    prefix: &str,
    limit: u32,
    open: &str,
    link: &str,
) -> Result<Vec<Suggestion<R::Id>>> {
    if !(1..=MOST_SUGGESTIONS).contains(&limit) {
        let reason = format!("is not between 1 and {MOST_SUGGESTIONS}");
        return Err(CrmError::new(ErrorKind::Limit, "suggest.limit", reason).at("limit"));
    }
    let first = fold(prefix);
    // No name goes on with the last character of Unicode, which is none.
    let end = format!("{first}\u{10ffff}");
    let person = R::NAME == "person";
    let name = |row: &dyn crate::storage::Row| if person { person_name(row, 2) } else { text(row, 2) };
    read(records.set.door, ReadMode::Statement, |reader| {
        let record_type = reader.schema.require(R::NAME)?;
        let organisation = reader.schema.require("organisation")?;
        if !(sees_all(reader, record_type) && sees_all(reader, organisation)) {
            return restricted(reader, record_type, [&first, &end], limit, link);
        }
        let parameters = [Param::Text(&first), Param::Text(&end), Param::Integer(limit.into())];
        query_all(reader.connection, open, &parameters, |row| {
            Ok(Suggestion {
                id: row.id(0)?.unwrap_or_default().into(),
                name: name(row)?,
                organisation: row.text(1)?.map(str::to_owned),
            })
        })
    })
}

fn restricted<Id: LinkId>(
    reader: &Reader<'_>,
    record_type: &RecordType,
    range: [&str; 2],
    limit: u32,
    link: &str,
) -> Result<Vec<Suggestion<Id>>> {
    let person = record_type.name() == "person";
    let columns = if person { NAME_COLUMNS } else { "t.name" };
    let statement = select(reader, record_type, |mut rows| {
        let [first, end] = range.map(|text| rows.bind(OwnedParam::Text(text.to_owned())));
        rows.restrict_sql(format!("t.name_key >= {first} AND t.name_key < {end}"));
        let most = rows.bind(OwnedParam::Integer(limit.into()));
        let (from, condition) = (rows.from(), rows.condition());
        rows.finish(format!(
            "SELECT t.id, t.{link}, {columns} FROM {from} WHERE {condition} \
             ORDER BY t.name_key, t.row_id LIMIT {most}"
        ))
    })?;
    let found = rows(reader, &statement, |row| {
        let name = if person { person_name(row, 2)? } else { text(row, 2)? };
        Ok((row.id(0)?.unwrap_or_default(), row.id(1)?, name))
    })?;
    let linked: Vec<RecordId> = found.iter().filter_map(|(_, organisation, _)| *organisation).collect();
    let names = names(reader, reader.schema.require("organisation")?, &linked)?;
    Ok(found
        .into_iter()
        .map(|(id, organisation, name)| Suggestion {
            id: id.into(),
            name,
            organisation: organisation.and_then(|id| names.get(&id).cloned()),
        })
        .collect())
}
