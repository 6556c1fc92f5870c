//! The typed identifier of an event of a relationship.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`RelationshipEvent`](super::RelationshipEvent).
    RelationshipEventId => "relationship_event";
}
