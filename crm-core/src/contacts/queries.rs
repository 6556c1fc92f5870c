//! What the statements of contacts share: reading in the name of a session.

use std::collections::HashMap;

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::name::{NameOrder, PersonName};
use crate::ground::time::Date;
use crate::record::door::Reader;
use crate::record::filter::compile::Selection;
use crate::record::filter::{OwnedParam, Statement};
use crate::record::list::with_context;
use crate::record::{RecordType, Redaction};
use crate::storage::{Row, query_all};

/// The columns of a person's name, in the order in which [`person_name`] reads them.
pub(super) const NAME_COLUMNS: &str = "t.given_name, t.middle_name, t.family_name, t.name_suffix";

/// Their fields.
pub(super) const NAME_FIELDS: [&str; 4] = ["given_name", "middle_name", "family_name", "name_suffix"];

/// How many identifiers one statement takes.
const BATCH: usize = 500;

/// The statement that a closure makes of the rows, named `t`, that the session may see.
pub(super) fn select(
    reader: &Reader<'_>,
    record_type: &RecordType,
    make: impl FnOnce(Selection<'_>) -> Result<Statement>,
) -> Result<Statement> {
    with_context(reader, |context| make(Selection::new(record_type, context)?))
}

/// The rows of a statement that [`select`] made.
pub(super) fn rows<T>(
    reader: &Reader<'_>,
    statement: &Statement,
    read: impl FnMut(&dyn Row) -> Result<T>,
) -> Result<Vec<T>> {
    query_all(reader.connection, &statement.sql, &statement.params(), read)
}

/// What a contact is called, and what of it the session may not see.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) redactions: Vec<Redaction>,
}

/// The name of a person in the columns of [`NAME_COLUMNS`], without what the session may not see.
pub(super) fn shown_name(
    reader: &Reader<'_>,
    people: &RecordType,
    person: RecordId,
    row: &dyn Row,
    column: usize,
) -> Result<Named> {
    let redactions = reader.redactions(people, Some(person), &NAME_FIELDS)?;
    if redactions.is_empty() {
        return Ok(Named { name: person_name(row, column)?, redactions });
    }
    let part = |place: usize| {
        let hidden = redactions.iter().any(|redaction| redaction.field == NAME_FIELDS[place]);
        Ok(if hidden { "" } else { row.text(column + place)?.unwrap_or_default() })
    };
    let (given, middle, family, suffix) = (part(0)?, part(1)?, part(2)?, part(3)?);
    Ok(Named { name: display_name(given, middle, family, suffix), redactions })
}

/// The names of those of these people or organisations that the session may see.
pub(super) fn names(
    reader: &Reader<'_>,
    record_type: &RecordType,
    ids: &[RecordId],
) -> Result<HashMap<RecordId, Named>> {
    let person = record_type.name() == "person";
    let columns = if person { NAME_COLUMNS } else { "t.name" };
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let statement = select(reader, record_type, |mut wanted| {
            let places: Vec<String> = batch.iter().map(|id| wanted.bind(OwnedParam::Id(*id))).collect();
            wanted.restrict_sql(format!("t.id IN ({})", places.join(", ")));
            wanted.statement(&format!("SELECT t.id, {columns}"))
        })?;
        let batch = rows(reader, &statement, |row| {
            let id = row.id(0)?.unwrap_or_default();
            if person {
                return Ok((id, shown_name(reader, record_type, id, row, 1)?));
            }
            let redactions = reader.redactions(record_type, None, &["name"])?;
            let name = if redactions.is_empty() { text(row, 1)? } else { String::new() };
            Ok((id, Named { name, redactions }))
        })?;
        found.extend(batch);
    }
    Ok(found)
}

/// The display name in the columns of [`NAME_COLUMNS`].
pub(super) fn person_name(row: &dyn Row, column: usize) -> Result<String> {
    let part = |offset: usize| Ok(row.text(column + offset)?.unwrap_or_default());
    let (given, middle, family, suffix) = (part(0)?, part(1)?, part(2)?, part(3)?);
    Ok(display_name(given, middle, family, suffix))
}

fn display_name(given: &str, middle: &str, family: &str, suffix: &str) -> String {
    // Most names need none of the rules for other scripts and suffixes, and a list shows many.
    if suffix.is_empty() && middle.is_empty() && given.is_ascii() && family.is_ascii() {
        let space = if given.is_empty() || family.is_empty() { "" } else { " " };
        return [given, space, family].concat();
    }
    PersonName { salutation: "", given, middle, family, suffix }.display(NameOrder::GivenFirst)
}

/// The fields that say how long something lasts.
pub(super) const PERIOD: [&str; 2] = ["start_date", "end_date"];

/// Asks whether the session may use how long the rows last, and passes over those of which it may not.
pub(super) fn period_is_read(rows: &mut Selection<'_>) -> Result<()> {
    PERIOD.iter().try_for_each(|field| rows.target(&(*field).into()).map(|_| ()))
}

/// Blanks the days that the session may not see.
pub(super) fn hide_period(redactions: &[Redaction], start: &mut Option<Date>, end: &mut Option<Date>) {
    let hidden = |field: &str| redactions.iter().any(|redaction| redaction.field == field);
    if hidden(PERIOD[0]) {
        *start = None;
    }
    if hidden(PERIOD[1]) {
        *end = None;
    }
}

/// The text in a column, empty for none.
pub(super) fn text(row: &dyn Row, column: usize) -> Result<String> {
    Ok(row.text(column)?.unwrap_or_default().to_owned())
}

/// The text in a column, if there is one.
pub(super) fn optional(row: &dyn Row, column: usize) -> Result<Option<String>> {
    Ok(row.text(column)?.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_shown_as_all_others() {
        for (given, middle, family, suffix) in [
            ("Ada", "", "King", ""),
            ("Ada", "", "", ""),
            ("", "", "King", ""),
            ("Ada", "Maria", "King", "PhD"),
            ("\u{592a}\u{90ce}", "", "\u{5c71}\u{7530}", ""),
            ("", "", "", ""),
        ] {
            let name = PersonName { salutation: "", given, middle, family, suffix };
            assert_eq!(display_name(given, middle, family, suffix), name.display(NameOrder::GivenFirst));
        }
    }
}
