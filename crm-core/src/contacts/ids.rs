//! The typed identifiers of contacts.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Person`](super::Person).
    PersonId => "person";
    /// The identifier of an [`Organisation`](super::Organisation).
    OrganisationId => "organisation";
    /// The identifier of an [`Affiliation`](super::Affiliation).
    AffiliationId => "affiliation";
    /// The identifier of a [`RelationshipType`](super::RelationshipType).
    RelationshipTypeId => "relationship_type";
    /// The identifier of a [`Relationship`](super::Relationship).
    RelationshipId => "relationship";
    /// The identifier of a [`Household`](super::Household).
    HouseholdId => "household";
}
