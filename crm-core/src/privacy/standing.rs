//! Where a person or an address stands: one place to look at before a permit.
//!
//! `crm_standing` holds by *holder*, a person or the hash of an address as an identifier, the folded
//! [states of consents](super::consent) and one row more that says which other records have something on the holder.
//! So a permit reads one key of one table and goes on only to tables that will answer: at a million contacts each look
//! into a table in vain is a page that no cache has, and takes 2 µs.
//!
//! A mark says that there may be something, and what there is is read from the record itself. It is set in the
//! transaction that stores the record, whoever stores it, and taken back by asking all tables again, so that nothing
//! but a wrong condition in [`SOURCES`] could hide a refusal; `journal.verify_records` looks for that. Marks are not
//! journalled, since the records are. Who has nothing on file has no row.

use std::ops::ControlFlow;

use super::address::holder_of;
use super::values::hexadecimal;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::rules::Discrepancy;
use crate::record::schema::RecordType;
use crate::record::unit::Change;
use crate::record::{RecordData, Value};
use crate::storage::{Connection, Param, query_all, query_one};

/// The table of the states and marks.
pub(crate) const TABLE: &str = "crm_standing";

/// Which records have something on a holder: a set, one bit for each type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Noted(i64);

impl Noted {
    /// Nothing.
    pub(crate) const NOTHING: Self = Self(0);
    /// What decides which rules hold: residence, age, death, restriction.
    pub(crate) const SUBJECT: Self = Self(1);
    /// An objection.
    pub(crate) const OBJECTION: Self = Self(1 << 1);
    /// An event of a relationship.
    pub(crate) const RELATIONSHIP: Self = Self(1 << 2);
    /// A legal basis for this very person.
    pub(crate) const BASIS: Self = Self(1 << 3);
    /// The record stands, and the key of the person is gone: the person was erased.
    pub(crate) const ERASED: Self = Self(1 << 4);
    /// A suppression of the address.
    pub(crate) const SUPPRESSION: Self = Self(1 << 5);
    /// A contact with the address, by a permit that was used up.
    pub(crate) const CONTACT: Self = Self(1 << 6);
    /// All of them: nothing may be passed over.
    pub(crate) const EVERYTHING: Self = Self((1 << 7) - 1);

    /// The set in a row of the table.
    pub(crate) const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// Both sets together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether anything of another set is in this one.
    pub(crate) const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A type whose records have something on a holder.
struct Source {
    /// What it sets.
    noted: Noted,
    /// The name of the type and of its table.
    record_type: &'static str,
    /// The field that names the holder: a link to a person, or the hash of an address.
    holder: &'static str,
    /// A field without which a record says nothing.
    says_with: Option<&'static str>,
}

const fn by_person(noted: Noted, record_type: &'static str) -> Source {
    Source { noted, record_type, holder: "person", says_with: None }
}

/// The types. The places of a mark and of its type in [`ON_FILE`] are the same.
static SOURCES: [Source; 6] = [
    by_person(Noted::SUBJECT, "data_subject"),
    by_person(Noted::OBJECTION, "objection"),
    by_person(Noted::RELATIONSHIP, "relationship_event"),
    by_person(Noted::BASIS, "processing_basis"),
    Source { noted: Noted::SUPPRESSION, record_type: "suppression", holder: "address_hash", says_with: None },
    Source {
        noted: Noted::CONTACT,
        record_type: "contact_permit",
        holder: "address_hash",
        says_with: Some("consumed_at"),
    },
];

/// What is on file of a holder, who is given as an identifier and as the digits of a hash; one column for each of
/// [`SOURCES`], and at the end whether the person was erased.
pub(crate) const ON_FILE: &str = "SELECT \
     EXISTS (SELECT 1 FROM data_subject AS s WHERE s.person = ?1), \
     EXISTS (SELECT 1 FROM objection AS o WHERE o.person = ?1), \
     EXISTS (SELECT 1 FROM relationship_event AS e WHERE e.person = ?1), \
     EXISTS (SELECT 1 FROM processing_basis AS b WHERE b.person = ?1), \
     EXISTS (SELECT 1 FROM suppression AS r WHERE r.address_hash = ?2), \
     EXISTS (SELECT 1 FROM contact_permit AS c WHERE c.address_hash = ?2 AND c.consumed_at IS NOT NULL), \
     EXISTS (SELECT 1 FROM person AS p WHERE p.\"id\" = ?1 \
             AND NOT EXISTS (SELECT 1 FROM crm_subject_key AS k WHERE k.subject = p.\"id\"))";

impl Source {
    fn of(record_type: &RecordType) -> Option<&'static Self> {
        SOURCES.iter().find(|source| source.record_type == record_type.name())
    }

    /// On whom a record has something.
    fn holder_of(&self, record_type: &RecordType, data: &RecordData) -> Option<RecordId> {
        if self.says_with.is_some_and(|field| data.get(record_type, field).is_null()) {
            return None;
        }
        match data.get(record_type, self.holder) {
            Value::Id(person) => Some(*person),
            // What is no hash is the hash of no address.
            Value::Text(hash) => holder_of(hash).ok(),
            _ => None,
        }
    }

    /// Every record that has something on a holder.
    fn each(
        &self,
        connection: &dyn Connection,
        each: &mut dyn FnMut(RecordId, RecordId) -> Result<()>,
    ) -> Result<()> {
        let Self { record_type, holder, .. } = self;
        let says = self.says_with.unwrap_or(holder);
        let sql = format!(
            "SELECT t.\"id\", t.\"{holder}\" FROM \"{record_type}\" AS t \
             WHERE t.\"{holder}\" IS NOT NULL AND t.\"{says}\" IS NOT NULL"
        );
        let by_hash = *holder == "address_hash";
        connection.query(&sql, &[], &mut |row| {
            let found = if by_hash { row.text(1)?.and_then(|hash| holder_of(hash).ok()) } else { row.id(1)? };
            if let (Some(record), Some(holder)) = (row.id(0)?, found) {
                each(record, holder)?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// Keeps the marks in step with a record of one of the types.
///
/// # Errors
/// `storage.*`.
pub(crate) fn follow(connection: &dyn Connection, change: &Change) -> Result<()> {
    let Some(source) = Source::of(&change.record_type) else { return Ok(()) };
    let holder = |data| source.holder_of(&change.record_type, data);
    let before = change.before.as_ref().and_then(holder);
    let after = if change.operation == Operation::Delete { None } else { holder(&change.after) };
    if before == after {
        return Ok(());
    }
    if let Some(holder) = after {
        mark(connection, holder, source.noted)?;
    }
    before.map_or(Ok(()), |holder| settle(connection, holder))
}

/// Marks that there is something on a holder.
fn mark(connection: &dyn Connection, holder: RecordId, noted: Noted) -> Result<()> {
    // An upsert would do it at once, but SQLite may guard one by a savepoint; see `UnitOfWork::next_number`.
    let parameters = [Param::Id(holder), Param::Integer(noted.0)];
    let sql = "UPDATE crm_standing SET noted = noted | ?2 WHERE holder = ?1 AND purpose = ''";
    if connection.execute(sql, &parameters)? == 0 {
        let sql = "INSERT INTO crm_standing (holder, purpose, channel, brand, address, noted) \
                   VALUES (?1, '', '', '', '', ?2)";
        connection.execute(sql, &parameters)?;
    }
    Ok(())
}

/// Makes the marks of a holder anew from all that is on file.
///
/// # Errors
/// `storage.*`.
pub(crate) fn settle(connection: &dyn Connection, holder: RecordId) -> Result<()> {
    let noted = on_file(connection, holder)?;
    let sql = "DELETE FROM crm_standing WHERE holder = ?1 AND purpose = ''";
    connection.execute(sql, &[Param::Id(holder)])?;
    if noted == Noted::NOTHING { Ok(()) } else { mark(connection, holder, noted) }
}

/// What is on file of a holder.
fn on_file(connection: &dyn Connection, holder: RecordId) -> Result<Noted> {
    let digits = hexadecimal(holder.as_bytes());
    let marks = SOURCES.iter().map(|source| source.noted).chain([Noted::ERASED]);
    let found = query_one(connection, ON_FILE, &[Param::Id(holder), Param::Text(&digits)], |row| {
        marks.clone().enumerate().try_fold(Noted::NOTHING, |found, (column, noted)| {
            Ok(if row.boolean(column)? == Some(true) { found.and(noted) } else { found })
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// What is marked of a holder.
///
/// # Errors
/// `storage.*`.
pub(crate) fn marked(connection: &dyn Connection, holder: RecordId) -> Result<Noted> {
    let sql = "SELECT noted FROM crm_standing WHERE holder = ?1 AND purpose = ''";
    let found = query_one(connection, sql, &[Param::Id(holder)], |row| row.integer(0))?;
    Ok(found.flatten().map(Noted::from_bits).unwrap_or_default())
}

/// Makes the marks of everybody anew, in a database that has none yet.
///
/// # Errors
/// `storage.*`.
pub(crate) fn refill(connection: &dyn Connection) -> Result<()> {
    for source in &SOURCES {
        source.each(connection, &mut |_, holder| mark(connection, holder, source.noted))?;
    }
    for person in erased_people(connection)? {
        mark(connection, person, Noted::ERASED)?;
    }
    Ok(())
}

/// The people whose record stands without a key.
fn erased_people(connection: &dyn Connection) -> Result<Vec<RecordId>> {
    let sql = "SELECT p.\"id\" FROM person AS p \
               WHERE NOT EXISTS (SELECT 1 FROM crm_subject_key AS k WHERE k.subject = p.\"id\")";
    query_all(connection, sql, &[], |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// The records that a permit would pass over, and the holders that are marked without a reason.
///
/// # Errors
/// `storage.*`.
pub(crate) fn wrong(connection: &dyn Connection) -> Result<Vec<Discrepancy>> {
    let mut wrong = Vec::new();
    let mut found = |record_type, record| wrong.push(Discrepancy { record_type, record, what: "standing" });
    for source in &SOURCES {
        source.each(connection, &mut |record, holder| {
            if !marked(connection, holder)?.has_any(source.noted) {
                found(source.record_type, record);
            }
            Ok(())
        })?;
    }
    for person in erased_people(connection)? {
        if !marked(connection, person)?.has_any(Noted::ERASED) {
            found("person", person);
        }
    }
    let sql = "SELECT holder, noted FROM crm_standing WHERE purpose = ''";
    let marks = query_all(connection, sql, &[], |row| Ok(row.id(0)?.zip(row.integer(1)?)))?;
    for (holder, bits) in marks.into_iter().flatten() {
        // A person in the bin stays marked as erased.
        let reasons = on_file(connection, holder)?.and(Noted::ERASED);
        if Noted::from_bits(bits).and(reasons) != reasons {
            found("person", holder);
        }
    }
    Ok(wrong)
}
