//! What happened between us and people, as far as a permission to contact them follows from it: purchases, inquiries,
//! contracts, gifts. The clocks of the regimes count from these events.

pub mod ids;
pub mod model;
mod rules;

pub use ids::RelationshipEventId;
pub use model::RelationshipEvent;

crate::record::areas! {
    /// The events of relationships.
    relationship_events: RelationshipEvent;
}
