//! Tags of any record type that has them: which are in use, and renaming or merging one everywhere.

use std::sync::Arc;

use serde::Serialize;

use super::queries::{rows, select, text};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::text::{TextForm, fold, normalise};
use crate::privacy::reading::small_groups;
use crate::record::derived::items;
use crate::record::door::{Reader, read, write};
use crate::record::filter::{OwnedParam, field};
use crate::record::query::MAX_LIMIT;
use crate::record::set::RecordSet;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{JsonRecords, Record, RecordType, Records, Value};
use crate::storage::ReadMode;

/// A tag and how many records have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TagCount {
    /// The tag, as the oldest record with it has it.
    pub tag: String,
    /// How many records have it, whatever its case and accents.
    pub count: u64,
}

/// What became of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TagChange {
    /// The job, which [`undo_job`](crate::journal::area::Journal::undo_job) takes back.
    pub job: RecordId,
    /// How many records were changed.
    pub changed: u64,
}

const TAGS: &str = "tags";

macro_rules! tags_of {
    ($handle:ty $(, $($generic:tt)+)?) => {
        impl $(<$($generic)+>)? $handle {
            /// The tags in use among the records that the session may see, in the order of their folded form: at most
            /// `limit` (1 to 1,000), after a tag if one is given.
            ///
            /// # Errors
            /// `query.limit`; `field.unknown` for a type without tags.
            pub fn tags(&self, after: Option<&str>, limit: u32) -> Result<Vec<TagCount>> {
                self.set.tags(after, limit)
            }

            /// Renames a tag on all records that the session may see, in one transaction and as one job. Where a record
            /// has the new tag already, the two become one: so tags are merged.
            ///
            /// # Errors
            /// `tag.empty`, `text.*` for a new name that is no tag; `field.unknown` for a type without tags.
            pub fn rename_tag(&self, tag: &str, to: &str) -> Result<TagChange> {
                self.set.rename_tag(tag, to)
            }

            /// Takes a tag off all records that the session may see, in one transaction and as one job.
            ///
            /// # Errors
            /// `field.unknown` for a type without tags.
            pub fn remove_tag(&self, tag: &str) -> Result<TagChange> {
                self.set.retag(tag, None)
            }
        }
    };
}
tags_of!(Records<'_, R>, R: Record);
tags_of!(JsonRecords<'_>);

impl RecordSet<'_> {
    fn tags(&self, after: Option<&str>, limit: u32) -> Result<Vec<TagCount>> {
        if !(1..=MAX_LIMIT).contains(&limit) {
            let reason = format!("is not between 1 and {MAX_LIMIT}");
            return Err(CrmError::new(ErrorKind::Limit, "query.limit", reason).at("limit"));
        }
        let after = fold(after.unwrap_or_default());
        read(self.door, ReadMode::Statement, |reader| {
            let record_type = reader.schema.require(self.name)?;
            let tags = record_type.require(TAGS)?;
            reader.check_field(record_type, tags)?;
            let number = tags.number;
            let least = small_groups::least(reader, record_type).unwrap_or(1);
            let statement = select(reader, record_type, |mut rows| {
                let number = rows.bind(OwnedParam::Integer(number));
                let after = rows.bind(OwnedParam::Text(after.clone()));
                let most = rows.bind(OwnedParam::Integer(limit.into()));
                let least = rows.bind(OwnedParam::Integer(i64::try_from(least).unwrap_or(i64::MAX)));
                let seen = format!("SELECT t.row_id FROM {} WHERE {}", rows.from(), rows.condition());
                rows.finish(format!(
                    "SELECT g.value, g.records, r.tags FROM (\
                     SELECT v.value, count(*) AS records, min(v.record) AS oldest FROM {} AS v \
                     WHERE v.field = {number} AND v.value > {after} AND v.record IN ({seen}) \
                     GROUP BY v.value HAVING count(*) >= {least} ORDER BY v.value LIMIT {most}) AS g \
                     JOIN {} AS r ON r.row_id = g.oldest ORDER BY g.value",
                    reader.value_table(),
                    reader.table(record_type)
                ))
            })?;
            rows(reader, &statement, |row| {
                let value = text(row, 0)?;
                let written =
                    items(row.json(2)?.unwrap_or_default()).into_iter().find(|tag| fold(tag) == value);
                Ok(TagCount {
                    tag: written.unwrap_or(value),
                    count: u64::try_from(row.integer(1)?.unwrap_or_default()).unwrap_or_default(),
                })
            })
        })
    }

    fn rename_tag(&self, tag: &str, to: &str) -> Result<TagChange> {
        let to = normalise(to, TextForm::Line, 255).map_err(|error| error.at("to"))?;
        if to.is_empty() {
            return Err(CrmError::invalid("tag.empty", "a tag needs a name").at("to"));
        }
        self.retag(tag, Some(&to))
    }

    fn retag(&self, tag: &str, to: Option<&str>) -> Result<TagChange> {
        let engine = self.door.engine();
        let job = RecordId::generate(engine.clock.now(), &*engine.random);
        let changed = write(self.door, Some(job), |unit| {
            let record_type = unit.record_type(self.name)?;
            let position = record_type.require(TAGS)?.position;
            let tagged = tagged(unit, &record_type, tag)?;
            let mut changed = 0;
            for id in &tagged {
                let written = unit.written;
                unit.update(&record_type, *id, None, Origin::Host, &mut |data| {
                    let tags = items(data.values[position].as_text().unwrap_or_default());
                    data.values[position] =
                        Value::Json(serde_json::Value::from(replaced(tags, tag, to)).to_string());
                    Ok(())
                })?;
                changed += u64::from(unit.written != written);
            }
            Ok(changed)
        })?;
        Ok(TagChange { job, changed })
    }
}

/// The records with a tag that the session may see.
fn tagged(unit: &UnitOfWork<'_>, record_type: &Arc<RecordType>, tag: &str) -> Result<Vec<RecordId>> {
    let reader = Reader::of_unit(unit)?;
    let statement = select(&reader, record_type, |mut rows| {
        rows.restrict(&field(TAGS).has(tag))?;
        rows.statement("SELECT t.id")
    })?;
    rows(&reader, &statement, |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// The tags with one renamed or left out; a tag that comes twice then stays in its first place.
fn replaced(tags: Vec<String>, tag: &str, to: Option<&str>) -> Vec<String> {
    let (tag, new) = (fold(tag), to.map(fold));
    let mut seen = false;
    tags.into_iter()
        .filter_map(|old| {
            let key = fold(&old);
            if key != tag && Some(&key) != new.as_ref() {
                return Some(old);
            }
            let first = !std::mem::replace(&mut seen, true);
            match (key == tag, to) {
                (_, Some(to)) => first.then(|| to.to_owned()),
                (true, None) => None,
                (false, None) => Some(old),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn one_tag_becomes_another() {
        for (tags, tag, to, expected) in [
            (vec!["a", "b", "c"], "B", Some("x"), vec!["a", "x", "c"]),
            (vec!["a", "b", "c"], "b", Some("c"), vec!["a", "c"]),
            (vec!["c", "b"], "b", Some("C"), vec!["C"]),
            (vec!["vip", "b"], "VIP", Some("VIP"), vec!["VIP", "b"]),
            (vec!["a", "b"], "b", None, vec!["a"]),
            (vec!["a"], "b", None, vec!["a"]),
        ] {
            let given = tags.iter().map(ToString::to_string).collect();
            assert_eq!(replaced(given, tag, to), expected, "{tags:?} {tag} {to:?}");
        }
    }
}
