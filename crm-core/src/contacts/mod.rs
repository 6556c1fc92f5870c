//! Contacts: people and organisations, how they are reached, and how they belong together.

pub mod ids;
pub mod model;
pub mod points;

pub use ids::{AffiliationId, HouseholdId, OrganisationId, PersonId, RelationshipId, RelationshipTypeId};
pub use model::{Affiliation, Household, Organisation, Person, Relationship, RelationshipType};
pub use points::{AddressKind, Email, EmailKind, Phone, PhoneUse, PostalAddress, Profile, ProfileKind};

crate::record::areas! {
    /// The people.
    people: Person;
    /// The organisations.
    organisations: Organisation;
    /// Which person works, or worked, in which organisation.
    affiliations: Affiliation;
    /// The kinds of relationships between people and organisations.
    relationship_types: RelationshipType;
    /// The relationships between people and organisations.
    relationships: Relationship;
    /// The households.
    households: Household;
}
