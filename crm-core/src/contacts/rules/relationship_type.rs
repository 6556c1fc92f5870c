//! What makes a kind of relationship valid, alone and for the relationships that are of it already.

use super::stores;
use crate::contacts::model::ContactKind;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::text::fold;
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::{Param, query_one};

/// The rules of kinds of relationships.
pub(crate) struct RelationshipTypeRules;

impl Rules for RelationshipTypeRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if !stores(change) {
            return Ok(());
        }
        if is_true(change.after("symmetric")) {
            make_symmetric(change)?;
        }
        if change.operation == Operation::Update {
            return still_fits(work, change);
        }
        Ok(())
    }
}

fn is_true(value: &Value) -> bool {
    *value == Value::Boolean(true)
}

/// Seen from both ends a symmetric kind has the same name and the same sort of contact.
fn make_symmetric(change: &mut Change) -> Result<()> {
    if change.after("first_kind") != change.after("second_kind") {
        let reason = "must be the same as the first: the kind is symmetric";
        return Err(CrmError::invalid("relationship_type.symmetric_ends", reason).at("second_kind"));
    }
    let given = change.changes("inverse_name");
    let name = change.after("name").clone();
    if let (true, Value::Text(inverse), Value::Text(name)) = (given, change.after("inverse_name"), &name) {
        if fold(inverse) != fold(name) {
            let reason = "must be the same as the name or left out: the kind is symmetric";
            return Err(CrmError::invalid("relationship_type.symmetric_name", reason).at("inverse_name"));
        }
    }
    change.set("inverse_name", name)
}

/// Refuses a stricter kind while relationships of it would break it.
fn still_fits(work: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let narrowed =
        |field: &str| change.changes(field) && change.after(field).as_text() != Some(ContactKind::Any.key());
    let ends = |field: &str, column: &str| {
        let kind = change.after(field).as_text().unwrap_or_default();
        (narrowed(field)).then(|| format!("{column} NOT LIKE '{kind}:%'"))
    };
    let turned = |field: &str, on: bool| change.changes(field) && is_true(change.after(field)) == on;
    let mirrored = "EXISTS (SELECT 1 FROM relationship AS b WHERE b.first = a.second AND b.second = a.first \
        AND b.kind = a.kind AND b.id <> a.id)";
    for (field, broken) in [
        ("first_kind", ends("first_kind", "a.first")),
        ("second_kind", ends("second_kind", "a.second")),
        ("allow_self", turned("allow_self", false).then(|| "a.first = a.second".to_owned())),
        ("symmetric", turned("symmetric", true).then(|| mirrored.to_owned())),
    ] {
        let Some(broken) = broken else { continue };
        let sql = format!("SELECT 1 FROM relationship AS a WHERE a.kind = ?1 AND {broken} LIMIT 1");
        if query_one(work.connection, &sql, &[Param::Id(change.id())], |_| Ok(()))?.is_some() {
            let reason = "there are relationships of this kind that it would forbid";
            return Err(CrmError::new(ErrorKind::Restricted, "relationship_type.in_use", reason).at(field));
        }
    }
    Ok(())
}
