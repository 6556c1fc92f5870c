//! Type-ahead: names that begin with what was typed so far.

use serde::Serialize;

use super::ids::{OrganisationId, PersonId};
use super::model::{Organisation, Person};
use super::queries::{NAME_COLUMNS, Named, names, person_name, shown_name, text};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::{Reader, read};
use crate::record::names::{MOST_NAMES, NameRange};
use crate::record::{LinkId, Record, Records, Redaction};
use crate::storage::{ReadMode, Row};

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
    /// The fields of its name that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// The most suggestions at once.
pub const MOST_SUGGESTIONS: u32 = MOST_NAMES;

impl Records<'_, Person> {
    /// People whose sort name (family, given, middle name) begins with a text, whatever its case and accents; in
    /// the order of that name. At most `limit`, 1 to [`MOST_SUGGESTIONS`].
    ///
    /// # Errors
    /// `search.too_long`, `search.limit`; `field.redacted` when the session may not read names.
    pub fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<Suggestion<PersonId>>> {
        suggest(self, prefix, limit, OPEN_PEOPLE, "organisation")
    }
}

impl Records<'_, Organisation> {
    /// Organisations whose name begins with a text, whatever its case and accents; in the order of the name. At
    /// most `limit`, 1 to [`MOST_SUGGESTIONS`].
    ///
    /// # Errors
    /// `search.too_long`, `search.limit`; `field.redacted` when the session may not read names.
    pub fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<Suggestion<OrganisationId>>> {
        suggest(self, prefix, limit, OPEN_ORGANISATIONS, "parent")
    }
}

// One statement; only the rows of the range are read.
pub(super) const OPEN_PEOPLE: &str = "SELECT t.id, o.name, t.given_name, t.middle_name, t.family_name, t.name_suffix \
    FROM person AS t LEFT JOIN organisation AS o ON o.id = t.organisation";
pub(super) const OPEN_ORGANISATIONS: &str =
    "SELECT t.id, o.name, t.name FROM organisation AS t LEFT JOIN organisation AS o ON o.id = t.parent";

fn suggest<R: Record>(
    records: &Records<'_, R>,
    prefix: &str,
    limit: u32,
    open: &str,
    link: &str,
) -> Result<Vec<Suggestion<R::Id>>> {
    let range = NameRange::new(prefix, limit)?;
    let person = R::NAME == "person";
    let open_name = |row: &dyn Row| if person { person_name(row, 2) } else { text(row, 2) };
    read(records.set.door, ReadMode::Statement, |reader| {
        let record_type = reader.schema.require(R::NAME)?;
        let organisation = reader.schema.require("organisation")?;
        if !(reader.sees_all(record_type) && reader.sees_all(organisation)) {
            let columns = if person { NAME_COLUMNS } else { "t.name" };
            let found = range.visible(reader, record_type, &format!("t.id, t.{link}, {columns}"), |row| {
                let id = row.id(0)?.unwrap_or_default();
                let named = if person {
                    shown_name(reader, record_type, id, row, 2)?
                } else {
                    Named { name: text(row, 2)?, redactions: Vec::new() }
                };
                Ok((id, row.id(1)?, named))
            })?;
            return with_organisations(reader, found);
        }
        range.all(reader.connection, open, |row| {
            Ok(Suggestion {
                id: row.id(0)?.unwrap_or_default().into(),
                name: open_name(row)?,
                organisation: row.text(1)?.map(str::to_owned),
                redactions: Vec::new(),
            })
        })
    })
}

/// Names the organisations that the session may see.
fn with_organisations<Id: LinkId>(
    reader: &Reader<'_>,
    found: Vec<(RecordId, Option<RecordId>, Named)>,
) -> Result<Vec<Suggestion<Id>>> {
    let linked: Vec<RecordId> = found.iter().filter_map(|(_, organisation, _)| *organisation).collect();
    let names = names(reader, reader.schema.require("organisation")?, &linked)?;
    Ok(found
        .into_iter()
        .map(|(id, organisation, named)| Suggestion {
            id: id.into(),
            name: named.name,
            organisation: organisation.and_then(|id| names.get(&id)).map(|named| named.name.clone()),
            redactions: named.redactions,
        })
        .collect())
}
