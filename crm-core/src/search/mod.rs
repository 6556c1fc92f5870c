//! One search over all record types.
//!
//! Words are found by their beginning, without regard to case and accents; phone numbers in any spelling; e-mail
//! addresses by any of their parts. Results are typed, ranked (a hit in the name weighs most) and carry a snippet.

mod expression;
pub(crate) mod index;
pub(crate) mod mentions;
mod phone;
mod query;
mod sight;
mod suggest;
#[cfg(feature = "postgres")]
mod vector;

pub use query::{Hit, SearchQuery};
pub use suggest::Suggestion;

use crate::error::Result;
use crate::record::door::{Door, Scope, read};
use crate::record::{Snapshot, Transaction};
use crate::session::Session;
use crate::storage::ReadMode;

/// Searches and suggestions.
///
/// ```
/// use crm_core::contacts::Person;
/// use crm_core::{Actor, Config, Crm, Purpose};
/// let crm = Crm::memory(Config::default())?;
/// let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
/// session.people().create(Person { family_name: Some("Núñez".into()), ..Person::default() })?;
/// let hits = session.search().find("nun")?;
/// assert_eq!(hits[0].title, "Núñez");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct Search<'d> {
    door: &'d dyn Door,
}

impl Search<'_> {
    /// The best hits for a text over all record types.
    ///
    /// # Errors
    /// `search.too_long`; `search.past` in a snapshot of an earlier time; `storage.*`.
    pub fn find(&self, text: &str) -> Result<Vec<Hit>> {
        self.run(&SearchQuery::new(text))
    }

    /// The best hits for a query.
    ///
    /// # Errors
    /// `search.too_long`, `search.limit`, `type.unknown`; `search.past` in a snapshot of an earlier time, of which the
    /// index holds nothing; `storage.*`.
    pub fn run(&self, query: &SearchQuery) -> Result<Vec<Hit>> {
        read(self.door, ReadMode::Snapshot, |reader| query::run(reader, query))
    }

    /// Records of a type whose name begins like this, in the order of their names: for fields that complete what
    /// is typed. At most `limit`, up to 50. In a snapshot of an earlier time: the names of that time.
    ///
    /// # Errors
    /// `search.too_long`, `search.limit`, `search.no_names`, `type.unknown`; `field.redacted` when the session may not read
    /// names; `storage.*`.
    pub fn suggest(&self, record_type: &str, prefix: &str, limit: u32) -> Result<Vec<Suggestion>> {
        read(self.door, ReadMode::Statement, |reader| suggest::run(reader, record_type, prefix, limit))
    }
}

impl Session {
    /// The search.
    pub fn search(&self) -> Search<'_> {
        Search { door: self }
    }
}

impl Transaction<'_, '_> {
    /// The search.
    pub fn search(&self) -> Search<'_> {
        Search { door: self }
    }
}

impl Scope<'_> {
    /// The search.
    pub fn search(&self) -> Search<'_> {
        Search { door: self }
    }
}

impl Snapshot<'_> {
    /// The search. Of a snapshot of an earlier time it gives suggestions, no hits.
    pub fn search(&self) -> Search<'_> {
        Search { door: self }
    }
}
