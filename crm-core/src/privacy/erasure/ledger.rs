//! The ledger of erasures: what a restored backup is told before anybody reads from it.
//!
//! It is a list of pseudonyms and times with the key that they were made with. It holds no personal data; but who has it
//! *and* an old backup can tell who in the backup was erased later, so it is not for publication.
//!
//! A database that has a file keeps its ledger beside it, under the same name with `.erasures` behind it: whoever copies a
//! backup over the file leaves the ledger where it is, and the next opening erases again. Hosts that restore elsewhere
//! keep it by themselves and give it to [`Config::erasure_ledger`](crate::Config::erasure_ledger).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::execute::{self, Order};
use super::finish;
use super::tombstones::{self, PseudonymKey, damaged, digits, from_digits};
use crate::crm::Crm;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::time::Timestamp;
use crate::journal::tree::Hash;
use crate::journal::tree::NodeSource;
use crate::journal::writer::Tables;
use crate::session::{Actor, Purpose, Session};
use crate::storage::{Connection, Param, ReadMode, query_all};

/// Who was erased from a database, under pseudonyms.
///
/// ```
/// use crm_core::contacts::Person;
/// use crm_core::privacy::erasure::{ErasureLedger, ErasureOptions};
/// use crm_core::{Actor, Config, Crm, Purpose};
/// let crm = Crm::memory(Config::default())?;
/// let session = crm.session(Actor::System, Purpose::RightsFulfilment)?;
/// let ada = session.people().create(Person { family_name: Some("Lovelace".into()), ..Person::default() })?;
/// session.erasure().erase(ada.meta.id, ErasureOptions::default())?;
/// let ledger = crm.erasure_ledger()?;
/// assert_eq!(ledger.len(), 1);
/// assert_eq!(ErasureLedger::parse(&ledger.to_string())?, ledger);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasureLedger {
    /// The first leaf of the journal: it tells databases apart, and all backups of one have the same.
    database: Option<Hash>,
    key: Option<PseudonymKey>,
    entries: Vec<([u8; 32], Timestamp)>,
}

/// The ledger as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    version: u32,
    database: Option<String>,
    key: Option<String>,
    erasures: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    pseudonym: String,
    erased_at: Timestamp,
}

const FORMAT: &str = "crm-core erasure ledger";

impl ErasureLedger {
    /// Reads a ledger from its text.
    ///
    /// # Errors
    /// `privacy.erasure.ledger` for what is no ledger, or one of a newer library.
    pub fn parse(text: &str) -> Result<Self> {
        let document: Document = json::parse(text.as_bytes()).map_err(|_| damaged())?;
        if document.format != FORMAT || document.version != 1 {
            return Err(damaged());
        }
        let hash = |digits: Option<String>| digits.map(|digits| from_digits(&digits)).transpose();
        let entries: Result<Vec<_>> = document
            .erasures
            .into_iter()
            .map(|line| Ok((from_digits(&line.pseudonym)?, line.erased_at)))
            .collect();
        Ok(Self {
            database: hash(document.database)?,
            key: hash(document.key)?.map(PseudonymKey),
            entries: entries?,
        })
    }

    /// How many erasures it lists.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The ledger of an open database.
    pub(crate) fn of(crm: &Crm) -> Result<Self> {
        let mut ledger = Self::default();
        crm.engine.database.read(ReadMode::Snapshot, &mut |connection| {
            ledger = Self::read(connection)?;
            Ok(())
        })?;
        Ok(ledger)
    }

    fn read(connection: &dyn Connection) -> Result<Self> {
        Ok(Self {
            database: Tables(connection).leaf_hashes(0, 1)?.first().copied(),
            key: PseudonymKey::find(connection)?,
            entries: tombstones::all(connection)?,
        })
    }

    /// The erasures that another ledger of the same database does not know.
    fn beyond(&self, known: &Self) -> Vec<([u8; 32], Timestamp)> {
        let there: HashSet<&[u8; 32]> = known.entries.iter().map(|(pseudonym, _)| pseudonym).collect();
        self.entries.iter().filter(|(pseudonym, _)| !there.contains(pseudonym)).copied().collect()
    }
}

impl std::fmt::Display for ErasureLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let document = Document {
            format: FORMAT.to_owned(),
            version: 1,
            database: self.database.as_ref().map(|hash| digits(hash)),
            key: self.key.as_ref().map(|key| digits(&key.0)),
            erasures: self
                .entries
                .iter()
                .map(|(pseudonym, erased_at)| Line { pseudonym: digits(pseudonym), erased_at: *erased_at })
                .collect(),
        };
        f.write_str(&json::text(&document).map_err(|_| std::fmt::Error)?)
    }
}

/// Holds a database that was just opened against the ledgers that are known of it, and erases what they name.
///
/// # Errors
/// `privacy.erasure.replay_needed` when somebody must be erased from a database that is only read;
/// `privacy.erasure.ledger_other` for the ledger of another database; what an erasure reports.
pub(crate) fn on_open(crm: &Crm) -> Result<()> {
    let beside = beside::read(crm)?;
    let given = crm.engine.config.erasure_ledger.as_deref();
    if beside.is_none() && given.is_none() {
        return Ok(());
    }
    let own = ErasureLedger::of(crm)?;
    // An empty database has nobody in it.
    if own.database.is_none() {
        return Ok(());
    }
    if given.is_some_and(|given| !given.is_empty() && given.database != own.database) {
        let reason = "the ledger of erasures is that of another database";
        return Err(CrmError::new(ErrorKind::Incompatible, "privacy.erasure.ledger_other", reason));
    }
    // A file that lies there from a database of before is no concern of this one, and is overwritten in time.
    let beside = beside.filter(|beside| beside.database == own.database);
    for ledger in given.into_iter().chain(beside.as_ref()) {
        replay(crm, ledger)?;
    }
    let now = ErasureLedger::of(crm)?;
    if beside.is_none_or(|beside| beside != now) && !now.is_empty() && !crm.engine.config.sqlite.read_only {
        beside::write(crm, &now)?;
    }
    Ok(())
}

fn replay(crm: &Crm, ledger: &ErasureLedger) -> Result<()> {
    let (Some(key), missing) = (ledger.key, ledger.beyond(&ErasureLedger::of(crm)?)) else { return Ok(()) };
    if missing.is_empty() {
        return Ok(());
    }
    if crm.engine.config.sqlite.read_only {
        let reason = "people were erased after this copy was made; it must be opened for writing first";
        return Err(CrmError::new(ErrorKind::Rule, "privacy.erasure.replay_needed", reason));
    }
    let session = crm.session(Actor::System, Purpose::RightsFulfilment)?;
    let people = people(&session, key, &missing)?;
    for (pseudonym, erased_at) in missing {
        let person = people.iter().find(|(known, _)| *known == pseudonym).map(|(_, person)| *person);
        let done = session.engine.write(&session.viewer, None, &mut |unit| {
            if PseudonymKey::find(unit.connection)?.is_none() {
                key.store(unit)?;
            }
            let order = Order { despite_hold: true, erased_at: Some(erased_at), ..Order::default() };
            let done = person.map(|person| execute::committed(unit, person, &order)).transpose()?;
            let head = unit.journal.head();
            tombstones::put(unit.connection, &pseudonym, erased_at, &head)?;
            Ok(done)
        })?;
        if let Some(done) = done {
            finish::after_commit(&session, person, done, true)?;
        }
    }
    Ok(())
}

/// The people of a database, in the bin or not, who stand in a list of pseudonyms.
fn people(
    session: &Session,
    key: PseudonymKey,
    wanted: &[([u8; 32], Timestamp)],
) -> Result<Vec<([u8; 32], RecordId)>> {
    let wanted: HashSet<[u8; 32]> = wanted.iter().map(|(pseudonym, _)| *pseudonym).collect();
    let mut found = Vec::new();
    session.engine.database.read(ReadMode::Snapshot, &mut |connection| {
        found.clear();
        each_person(session, connection, &mut |person| {
            let pseudonym = key.pseudonym(person);
            if wanted.contains(&pseudonym) {
                found.push((pseudonym, person));
            }
        })
    })?;
    Ok(found)
}

/// Gives every person of the database, those in the bin, too.
fn each_person(session: &Session, connection: &dyn Connection, take: &mut dyn FnMut(RecordId)) -> Result<()> {
    let number = session.engine.schema().require("person")?.number;
    query_all(connection, "SELECT \"id\" FROM person", &[], |row| {
        take(row.id(0)?.unwrap_or_default());
        Ok(())
    })?;
    let sql = "SELECT record FROM crm_bin WHERE record_type = ?1";
    query_all(connection, sql, &[Param::Integer(number)], |row| {
        take(row.id(0)?.unwrap_or_default());
        Ok(())
    })?;
    Ok(())
}

/// Writes the ledger of a database beside its file, if it has one.
pub(super) fn keep(crm: &Session) -> Result<()> {
    let crm = Crm { engine: std::sync::Arc::clone(&crm.engine) };
    beside::write(&crm, &ErasureLedger::of(&crm)?)
}

/// The ledger beside the file of a database.
#[cfg(not(target_arch = "wasm32"))]
mod beside {
    use std::fs::{self, File};
    use std::io::{ErrorKind as IoKind, Write};
    use std::path::PathBuf;

    use super::ErasureLedger;
    use crate::crm::Crm;
    use crate::error::{CrmError, ErrorKind, Result};
    use crate::privacy::key_file::sync_folder;
    use crate::storage::sqlite::with_suffix;

    fn path(crm: &Crm) -> Option<PathBuf> {
        crm.engine.database.files().first().map(|file| with_suffix(file, ".erasures"))
    }

    /// The ledger, if the database has a file and a ledger lies beside it.
    pub(super) fn read(crm: &Crm) -> Result<Option<ErasureLedger>> {
        let Some(path) = path(crm) else { return Ok(None) };
        match fs::read_to_string(path) {
            Ok(text) => ErasureLedger::parse(&text).map(Some),
            Err(error) if error.kind() == IoKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Replaces the ledger: it is whole, or the one of before.
    pub(super) fn write(crm: &Crm, ledger: &ErasureLedger) -> Result<()> {
        let Some(path) = path(crm) else { return Ok(()) };
        let new = with_suffix(&path, ".new");
        File::create(&new)
            .and_then(|mut file| {
                file.write_all(ledger.to_string().as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&new, &path))
            .and_then(|()| sync_folder(&path))
            .map_err(|error| failed(&error))
    }

    fn failed(error: &std::io::Error) -> CrmError {
        match error.kind() {
            IoKind::StorageFull | IoKind::QuotaExceeded => CrmError::new(
                ErrorKind::Full,
                "privacy.erasure.io",
                "there is no room for the ledger of erasures",
            ),
            // The kind and not the error: its text may name the path.
            kind => {
                CrmError::new(ErrorKind::Io, "privacy.erasure.io", format!("the ledger of erasures: {kind}"))
            }
        }
    }
}

/// In the browser the host keeps the ledger.
#[cfg(target_arch = "wasm32")]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
mod beside {
    use super::ErasureLedger;
    use crate::crm::Crm;
    use crate::error::Result;

    pub(super) fn read(_crm: &Crm) -> Result<Option<ErasureLedger>> {
        Ok(None)
    }

    pub(super) fn write(_crm: &Crm, _ledger: &ErasureLedger) -> Result<()> {
        Ok(())
    }
}
