//! What makes a relationship valid.

use super::{Period, changes_any, stores};
use crate::contacts::model::ContactKind;
use crate::error::{CrmError, ErrorKind, Result};
use crate::record::rules::Rules;
use crate::record::select::Select;
use crate::record::unit::{Change, UnitOfWork};
use crate::record::{Reference, Value};
use crate::storage::{Connection, Param, query_all, query_one};

/// The rules of relationships.
pub(crate) struct RelationshipRules;

/// What the kind of a relationship asks of its ends.
#[derive(Clone, Copy, Debug)]
struct Kind {
    symmetric: bool,
    allow_self: bool,
    first: ContactKind,
    second: ContactKind,
}

impl Rules for RelationshipRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let checked = ["kind", "first", "second", "start_date", "end_date"];
        if !stores(change) || !changes_any(change, &checked) {
            return Ok(());
        }
        let period = Period::after(change);
        period.check("relationship.dates")?;
        let (Some(kind), Value::Reference(first), Value::Reference(second)) =
            (change.after("kind").as_id(), change.after("first"), change.after("second"))
        else {
            return Ok(());
        };
        let Some(rule) = kind_of(work.connection, kind)? else { return Ok(()) };
        rule.check(first, second)?;
        let mut taken = periods(work.connection, change, first, second)?;
        if rule.symmetric {
            taken.extend(periods(work.connection, change, second, first)?);
        }
        if taken.into_iter().any(|other| period.overlaps(other)) {
            let reason = "the two have this relationship already in a part of this time";
            return Err(CrmError::new(ErrorKind::Duplicate, "relationship.duplicate", reason).at("second"));
        }
        Ok(())
    }
}

impl Kind {
    /// Refuses ends that the kind does not join.
    fn check(self, first: &Reference, second: &Reference) -> Result<()> {
        for (kind, end, field) in [(self.first, first, "first"), (self.second, second, "second")] {
            if !kind.takes(&end.record_type) {
                let reason = format!("must be {} in this relationship", kind.in_words());
                return Err(CrmError::invalid("relationship.end", reason).at(field));
            }
        }
        if first == second && !self.allow_self {
            let reason = "nobody can have this relationship to themselves";
            return Err(CrmError::invalid("relationship.self", reason).at("second"));
        }
        Ok(())
    }
}

impl ContactKind {
    /// Whether a record of a type may stand where this is asked for.
    fn takes(self, record_type: &str) -> bool {
        match self {
            Self::Any => matches!(record_type, "person" | "organisation"),
            kind => kind.key() == record_type,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Any => "a person or an organisation",
            Self::Person => "a person",
            Self::Organisation => "an organisation",
        }
    }
}

fn kind_of(connection: &dyn Connection, kind: crate::RecordId) -> Result<Option<Kind>> {
    // The word is reserved in PostgreSQL.
    let sql =
        "SELECT \"symmetric\", allow_self, first_kind, second_kind FROM relationship_type WHERE id = ?1";
    query_one(connection, sql, &[Param::Id(kind)], |row| {
        let ends = |column| {
            let key = row.text(column)?.unwrap_or_default();
            Ok(<ContactKind as Select>::ALL
                .iter()
                .copied()
                .find(|kind| kind.key() == key)
                .unwrap_or_default())
        };
        Ok(Kind {
            symmetric: row.boolean(0)?.unwrap_or_default(),
            allow_self: row.boolean(1)?.unwrap_or_default(),
            first: ends(2)?,
            second: ends(3)?,
        })
    })
}

pub(in crate::contacts) const SAME: &str = "SELECT start_date, end_date FROM relationship \
    WHERE first = ?1 AND second = ?2 AND kind = ?3 AND id <> ?4";

/// When other relationships of the same kind lead from one end to the other.
fn periods(
    connection: &dyn Connection,
    change: &Change,
    from: &Reference,
    to: &Reference,
) -> Result<Vec<Period>> {
    let (from, to) = (from.to_string(), to.to_string());
    let kind = change.after("kind").as_id().unwrap_or_default();
    let parameters = [Param::Text(&from), Param::Text(&to), Param::Id(kind), Param::Id(change.id())];
    query_all(connection, SAME, &parameters, |row| Period::read(row, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordId;

    #[test]
    fn the_kind_says_who_may_stand_at_the_ends() {
        use ContactKind::{Any, Organisation, Person};
        let end = |text: &str| Reference::new(text, RecordId::from_bytes([1; 16]));
        for (first, second, ends, allow_self, expected) in [
            (Any, Any, ["person", "organisation"], false, None),
            (Any, Any, ["deal", "person"], false, Some(("relationship.end", "first"))),
            (Person, Organisation, ["person", "organisation"], false, None),
            (Person, Organisation, ["organisation", "person"], false, Some(("relationship.end", "first"))),
            (Person, Organisation, ["person", "person"], true, Some(("relationship.end", "second"))),
            (Person, Person, ["person", "person"], true, None),
            (Person, Person, ["person", "person"], false, Some(("relationship.self", "second"))),
        ] {
            let kind = Kind { symmetric: false, allow_self, first, second };
            let found = kind.check(&end(ends[0]), &end(ends[1])).err();
            let found = found.as_ref().map(|error| (error.code(), error.path().unwrap_or_default()));
            assert_eq!(found, expected, "{first:?} {second:?} {ends:?}");
        }
    }
}
