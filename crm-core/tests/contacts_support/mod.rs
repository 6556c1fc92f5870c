//! What the tests of contacts share.
#![allow(dead_code, unreachable_pub, reason = "not every test needs everything")]
#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    reason = "a test stops where it fails, and tables are easier to read"
)]

use crate::engine_support;
use crm_core::contacts::{
    Organisation, OrganisationId, Person, PersonId, RelationshipType, RelationshipTypeId,
};
use crm_core::{Actor, Config, CrmError, Date, ManualClock, Purpose, SeededRandom, Session, parse_date};

pub fn config() -> Config {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    Config::default().clock(clock).random(SeededRandom::new([7; 32]))
}

pub fn open() -> Session {
    let crm = engine_support::open(config());
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

pub fn person(session: &Session, given: &str, family: &str) -> PersonId {
    let person = Person { given_name: some(given), family_name: some(family), ..Person::default() };
    session.people().create(person).unwrap().meta.id.into()
}

pub fn organisation(session: &Session, name: &str, parent: Option<OrganisationId>) -> OrganisationId {
    let organisation = Organisation { name: name.into(), parent, ..Organisation::default() };
    session.organisations().create(organisation).unwrap().meta.id.into()
}

pub fn kind(session: &Session, name: &str, inverse: &str, symmetric: bool) -> RelationshipTypeId {
    let kind = RelationshipType {
        name: name.into(),
        inverse_name: inverse.into(),
        symmetric,
        ..RelationshipType::default()
    };
    session.relationship_types().create(kind).unwrap().meta.id.into()
}

pub fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn day(text: &str) -> Option<Date> {
    parse_date(text).ok()
}

/// The code and the path of an error, for a table.
pub fn refusal<T>(outcome: Result<T, CrmError>) -> Option<(String, String)> {
    outcome.err().map(|error| (error.code().to_owned(), error.path().unwrap_or_default().to_owned()))
}

pub fn refused(code: &str, path: &str) -> Option<(String, String)> {
    Some((code.to_owned(), path.to_owned()))
}
