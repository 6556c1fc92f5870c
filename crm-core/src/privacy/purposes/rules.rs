//! What makes a purpose valid.

use super::tree::{BUILT_IN, DEEPEST, lineage, require};
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::{Param, query_one};

/// Whether the ledger names a purpose or one below it.
const USED_AT_OR_BELOW: &str = "WITH RECURSIVE below (\"key\") AS (\
     SELECT \"key\" FROM processing_purpose WHERE \"key\" = ?1 UNION \
     SELECT p.\"key\" FROM below JOIN processing_purpose AS p ON p.parent = below.\"key\") \
     SELECT 1 FROM below JOIN consent_event AS e ON e.purpose = below.\"key\" LIMIT 1";

/// The rules of purposes.
pub(crate) struct PurposeRules;

impl Rules for PurposeRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            keeps_children(work, change)?;
            return is_unused(work, change, "key");
        }
        let key = text_of(change.after("key"));
        if change.changes("key") {
            key_is_sound(&key)?;
            if change.before.is_some() {
                let reason = "is what consents and rules name; it cannot be changed";
                return Err(CrmError::new(ErrorKind::Rule, "purpose.key_fixed", reason).at("key"));
            }
        }
        let parent = text_of(change.after("parent"));
        if change.changes("parent") {
            let above = lineage(work.connection, &parent).map_err(|error| error.at("parent"))?;
            if above.iter().any(|purpose| purpose.key == key) {
                return Err(CrmError::invalid("purpose.loop", "lies below the purpose itself").at("parent"));
            }
            if above.len() + 1 >= DEEPEST {
                return Err(CrmError::invalid("purpose.too_deep", "has too many above it").at("parent"));
            }
            if change.before.is_some() {
                is_unused(work, change, "parent")?;
            }
        }
        if change.after("class").is_null() {
            let class = require(work.connection, &parent).map_err(|error| error.at("parent"))?.class;
            change.set("class", Value::Text(class.key().to_owned()))?;
        }
        Ok(())
    }
}

fn key_is_sound(key: &str) -> Result<()> {
    let begins = key.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let goes_on =
        key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte));
    if !begins || !goes_on {
        let reason = "takes small letters, digits, `_` and `.`, a letter first";
        return Err(CrmError::invalid("purpose.key", reason).at("key"));
    }
    if BUILT_IN.iter().any(|purpose| purpose.key == key) {
        return Err(CrmError::new(ErrorKind::Duplicate, "field.duplicate", "is a built-in purpose").at("key"));
    }
    Ok(())
}

/// A purpose that others lie below cannot go.
fn keeps_children(work: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let key = text_of(change.after("key"));
    let child = query_one(
        work.connection,
        "SELECT 1 FROM processing_purpose WHERE parent = ?1",
        &[Param::Text(&key)],
        |row| row.integer(0),
    )?;
    match child {
        None => Ok(()),
        Some(_) => {
            let reason = "other purposes lie below it";
            Err(CrmError::new(ErrorKind::Restricted, "record.restricted", reason).at("parent"))
        }
    }
}

/// What people have consented to keeps its meaning: while the ledger names a purpose or one below it, it stays where it is.
fn is_unused(work: &UnitOfWork<'_>, change: &Change, field: &'static str) -> Result<()> {
    let key = text_of(change.after("key"));
    let used = query_one(work.connection, USED_AT_OR_BELOW, &[Param::Text(&key)], |row| row.integer(0))?;
    match used {
        None => Ok(()),
        Some(_) => {
            let reason = "the consent ledger names it or a purpose below it";
            Err(CrmError::new(ErrorKind::Restricted, "purpose.in_use", reason).at(field))
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}
