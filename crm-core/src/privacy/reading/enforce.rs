//! The one place where what a session may not read is left out.

use super::guard::subject_position;
use super::policy::RedactionReason;
use super::scope::redacted;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::record::RecordData;
use crate::record::Redaction;
use crate::record::door::Reader;
use crate::record::filter::OwnedParam;
use crate::record::schema::{Field, RecordType};
use crate::record::unit::UnitOfWork;
use crate::record::value::Value;
use serde_json::Value as Json;

impl Reader<'_> {
    /// Blanks the cells of a record that the session may not read, and names them.
    pub(crate) fn redact(&self, record_type: &RecordType, data: &mut RecordData) -> Result<()> {
        if self.scope.is_open_for(record_type) {
            return Ok(());
        }
        // The link to the person may itself be among what is blanked.
        let closed = self.closed(record_type, subject_of(record_type, data))?;
        data.redacted.clear();
        for field in record_type.own_fields() {
            let by_person = closed.filter(|_| field.is_personal());
            if let Some(reason) = self.scope.reason(record_type, field).or(by_person) {
                data.values[field.position] = Value::Null;
                data.redacted.push((field.position, reason));
            }
        }
        Ok(())
    }

    /// Which of some fields of a record the session may not read, and why. `person` is whose data it holds.
    pub(crate) fn redactions(
        &self,
        record_type: &RecordType,
        person: Option<RecordId>,
        fields: &[&str],
    ) -> Result<Vec<Redaction>> {
        if self.scope.is_open_for(record_type) {
            return Ok(Vec::new());
        }
        let closed = self.closed(record_type, person)?;
        let named = fields.iter().filter_map(|name| {
            let field = record_type.field(name)?;
            let by_person = closed.filter(|_| field.is_personal());
            let reason = self.scope.reason(record_type, field).or(by_person)?;
            Some(Redaction { field: (*name).to_owned(), reason: reason.code().to_owned() })
        });
        Ok(named.collect())
    }

    /// Refuses to use a field that the session may not read, whoever's data it is.
    ///
    /// # Errors
    /// `field.redacted`.
    pub(crate) fn check_field(&self, record_type: &RecordType, field: &Field) -> Result<()> {
        self.scope.check(record_type, field)
    }

    /// Why the personal cells of a record are closed to the purpose, by whose data it holds.
    fn closed(&self, record_type: &RecordType, person: Option<RecordId>) -> Result<Option<RedactionReason>> {
        match (&self.scope.guard, person) {
            (Some(guard), Some(person)) if self.scope.guards(record_type) => {
                guard.reason(self.connection, person, self.engine.clock.now())
            }
            _ => Ok(None),
        }
    }

    /// The condition in SQL that the person whose data the rows of a table hold is not closed to the purpose; `None` when
    /// that need not be asked.
    pub(crate) fn guard_condition(
        &self,
        record_type: &RecordType,
        alias: &str,
        bind: &mut dyn FnMut(OwnedParam) -> String,
    ) -> Option<String> {
        let guard = self.scope.guard.as_ref().filter(|_| self.scope.guards(record_type))?;
        let person = &record_type.fields[subject_position(record_type)?].column;
        Some(guard.condition(&format!("{alias}.{person}"), self.engine.clock.now(), bind))
    }

    /// Whose data an entry of the journal holds: those of the person under whose key it is sealed. What was not personal when it
    /// was written is in the open; there the record says it, as it is now.
    fn subject_of_entry(
        &self,
        record_type: &RecordType,
        entry: &Entry,
        subject: Option<RecordId>,
    ) -> Result<Option<RecordId>> {
        if subject.is_some() || !self.scope.guards(record_type) {
            return Ok(subject);
        }
        let now = crate::record::read::by_id(self.connection, record_type, entry.record)?;
        Ok(now.and_then(|data| subject_of(record_type, &data)).or(Some(entry.record)))
    }

    /// Blanks the values of a journal entry that the session may not read, and names their fields. `subject` is under whose
    /// key the personal ones are sealed.
    pub(crate) fn redact_entry(&self, entry: &mut Entry, subject: Option<RecordId>) -> Result<()> {
        let Some(record_type) = self.schema.find(&entry.record_type) else {
            // Nobody can tell any more what the fields of a removed type were about.
            if !self.scope.is_open() {
                entry.changes.clear();
            }
            return Ok(());
        };
        if self.scope.is_open_for(record_type) {
            return Ok(());
        }
        let closed = self.closed(record_type, self.subject_of_entry(record_type, entry, subject)?)?;
        for change in &mut entry.changes {
            let reason = match record_type.field(&change.field) {
                Some(field) => {
                    let by_person = closed.filter(|_| field.is_personal());
                    self.scope.reason(record_type, field).or(by_person)
                }
                // A field that was removed since: its category is not known any more.
                None => Some(RedactionReason::PurposeNotAllowed),
            };
            if let Some(reason) = reason {
                (change.before, change.after) = (Json::Null, Json::Null);
                entry
                    .redactions
                    .push(Redaction { field: change.field.clone(), reason: reason.code().to_owned() });
            }
        }
        Ok(())
    }
}

/// The person whose data a record holds.
fn subject_of(record_type: &RecordType, data: &RecordData) -> Option<RecordId> {
    subject_position(record_type).and_then(|position| data.values[position].as_id())
}

/// What the session of a unit of work may not see of a record, as it is stored.
pub(crate) fn hidden_in(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    id: RecordId,
) -> Result<Vec<(usize, RedactionReason)>> {
    let reader = Reader::of_unit(unit)?;
    if reader.scope.is_open_for(record_type) {
        return Ok(Vec::new());
    }
    let Some(mut data) = unit.get(record_type, id)? else { return Ok(Vec::new()) };
    reader.redact(record_type, &mut data)?;
    Ok(data.redacted)
}

/// Refuses to set fields that the session may not see: whether the new value is the old one would show.
///
/// # Errors
/// `field.redacted`, naming the field.
pub(crate) fn check_changes(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    id: RecordId,
    changes: &[(usize, Value)],
) -> Result<()> {
    for (position, reason) in hidden_in(unit, record_type, id)? {
        if changes.iter().any(|(changed, _)| *changed == position) {
            return Err(redacted(reason).at(record_type.fields[position].name()));
        }
    }
    Ok(())
}
