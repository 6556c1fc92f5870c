//! A host with keys, and a record whose words are easily found again.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses a part; a test stops where it fails"
)]

use std::collections::BTreeMap;
use std::path::Path;

use crm_core::contacts::{Email, Person};
use crm_core::privacy::keys::StaticKey;
use crm_core::record::filter::Filter;
use crm_core::storage::DatabaseKey;
use crm_core::{Actor, Config, Crm, Purpose, Result, Session};

/// A configuration with the key of the database and the one to change to.
pub(crate) fn keys(database: Option<&[u8; 32]>, next: Option<&[u8; 32]>) -> Config {
    let mut keys = StaticKey::new(&[1; 32]);
    if let Some(key) = database {
        keys = keys.database(DatabaseKey::new(key));
    }
    if let Some(key) = next {
        keys = keys.next_database(DatabaseKey::new(key));
    }
    Config::default().keys(keys)
}

/// Opens a file.
pub(crate) fn crm(path: &Path, config: Config) -> Result<Crm> {
    Crm::open(path, config)
}

pub(crate) fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

/// Stores a person and a note-like text, and gives the words that must not be found.
pub(crate) fn words(crm: &Crm) -> Vec<Vec<u8>> {
    let person = Person {
        given_name: Some("Wilhelmina".into()),
        family_name: Some("Quetzalcoatlus".into()),
        emails: vec![Email::work("needle.in.haystack@example.com")],
        tags: vec!["zymurgical".into()],
        ..Person::default()
    };
    session(crm).people().create(person).unwrap();
    // Names of tables and columns are in every file that can be read, too.
    ["Wilhelmina", "Quetzalcoatlus", "needle.in.haystack", "zymurgical", "crm_journal", "CREATE TABLE"]
        .map(|word| word.as_bytes().to_vec())
        .to_vec()
}

/// How many people there are.
pub(crate) fn count(crm: &Crm) -> u64 {
    session(crm).people().count(&Filter::All).unwrap()
}

/// The settings by name.
pub(crate) fn settings_of(crm: &Crm) -> BTreeMap<String, String> {
    crm.database().settings().unwrap().into_iter().collect()
}
