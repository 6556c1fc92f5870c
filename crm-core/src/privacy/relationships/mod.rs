//! What happened between us and people, as far as a permission to contact them follows from it: purchases, inquiries,
//! contracts, gifts. The clocks of the regimes count from these events.

pub mod ids;
pub mod model;
mod rules;

pub use ids::RelationshipEventId;
pub use model::RelationshipEvent;

use super::typed_rows::records;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::Reader;
use crate::storage::Param;

crate::record::areas! {
    /// The events of relationships.
    relationship_events: RelationshipEvent;
}

/// The condition of [`of_person`].
#[allow(dead_code, reason = "the collector of permits reads through it")]
pub(crate) const OF_PERSON: &str = "t.person = ?1";

/// The events of a person.
#[allow(dead_code, reason = "the collector of permits reads through it")]
pub(crate) fn of_person(reader: &Reader<'_>, person: RecordId) -> Result<Vec<RelationshipEvent>> {
    records(reader, OF_PERSON, &[Param::Id(person)])
}
